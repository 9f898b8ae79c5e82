/** What surrounds the pages: a card for those outside, and the choice of language everywhere. */

import { chooseLanguage, LANGUAGES, OWN_NAMES } from '@clubkeeper/shared'
import LanguageIcon from '@mui/icons-material/Language'
import { Box, Button, Card, CardContent, Menu, MenuItem, Typography } from '@mui/material'
import { useState, type ReactNode } from 'react'
import { Heading } from './parts.tsx'
import { say, spoken } from './spoken.ts'

export function Languages(): ReactNode {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  return (
    <>
      <Button
        color="inherit"
        startIcon={<LanguageIcon />}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        aria-label={`${say('shared.language')}: ${OWN_NAMES[spoken]}`}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {OWN_NAMES[spoken]}
      </Button>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {LANGUAGES.map((each) => (
          <MenuItem
            key={each}
            lang={each}
            selected={each === spoken}
            onClick={() => chooseLanguage(each)}
          >
            {OWN_NAMES[each]}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}

/** A page of its own, before one is in. */
export function Gate({ title, children }: { title: string; children: ReactNode }): ReactNode {
  return (
    <Box sx={{ minHeight: '100vh', display: 'flex', flexDirection: 'column' }}>
      <Box
        component="header"
        sx={{ display: 'flex', alignItems: 'center', px: 3, py: 1.5, color: 'primary.dark' }}
      >
        <Typography component="p" sx={{ fontWeight: 700, flexGrow: 1, fontSize: '1.1rem' }}>
          Clubkeeper
        </Typography>
        <Languages />
      </Box>
      <Box
        component="main"
        sx={{ flexGrow: 1, display: 'flex', justifyContent: 'center', alignItems: 'start', p: 2, pt: '8vh' }}
      >
        <Card sx={{ width: '100%', maxWidth: 440 }}>
          <CardContent sx={{ p: 4, '&:last-child': { pb: 4 } }}>
            <Heading title={title} />
            {children}
          </CardContent>
        </Card>
      </Box>
    </Box>
  )
}
