/** The bar above the pages and the menu beside them. */

import ApprovalIcon from '@mui/icons-material/HowToRegOutlined'
import HistoryIcon from '@mui/icons-material/HistoryEduOutlined'
import OrderIcon from '@mui/icons-material/Inventory2Outlined'
import PeopleIcon from '@mui/icons-material/PeopleAltOutlined'
import { Box, Button, Typography } from '@mui/material'
import type { ReactNode } from 'react'
import { AppBar, Layout, Menu, type LayoutProps } from 'react-admin'
import { Link } from 'react-router-dom'
import { signOut } from './api.ts'
import { useClub } from './club.tsx'
import { Languages } from './frame.tsx'
import { say } from './spoken.ts'

/** The sections of the console in the order of the menu, and the right that each needs. */
export const SECTIONS = [
  { name: 'members', right: 'members.search', words: 'menu.members', icon: <PeopleIcon /> },
  { name: 'approvals', right: 'ledger.read', words: 'menu.approvals', icon: <ApprovalIcon /> },
  { name: 'orders', right: 'orders.read', words: 'menu.orders', icon: <OrderIcon /> },
  { name: 'audit', right: 'audit.read', words: 'menu.audit', icon: <HistoryIcon /> },
] as const

export function Shell(props: LayoutProps): ReactNode {
  return (
    <Layout
      {...props}
      appBar={Bar}
      menu={Sections}
      sx={{
        '& .RaLayout-content': { px: { xs: 1.5, md: 3 }, pt: 1, pb: 4 },
        // On paper there is nothing to press.
        '@media print': {
          '& header, & .MuiDrawer-root, & .skip-nav-button': { display: 'none' },
          '& .RaLayout-appFrame': { marginTop: 0 },
        },
      }}
    />
  )
}

function Bar(): ReactNode {
  const { name, me } = useClub()
  return (
    <AppBar color="primary" userMenu={false} toolbar={<Languages />}>
      <Typography component="p" sx={{ fontWeight: 700 }}>
        <bdi>{name}</bdi>
      </Typography>
      {me.programs.length + me.invitations.length > 1 && (
        <Button color="inherit" component={Link} to="/console/clubs" sx={{ mx: 1 }}>
          {say('menu.other_club')}
        </Button>
      )}
      <Box sx={{ flexGrow: 1 }} />
      <Typography component="p" sx={{ mx: 2 }}>
        <bdi>{me.name}</bdi>
      </Typography>
      <Button color="inherit" onClick={() => void signOut()}>
        {say('shared.sign_out')}
      </Button>
    </AppBar>
  )
}

function Sections(): ReactNode {
  const { id, can } = useClub()
  return (
    <Box component="nav" aria-label={say('menu.title')}>
      <Menu
        sx={{
          '& .RaMenuItemLink-active': { bgcolor: 'primary.light', fontWeight: 650 },
          '& .RaMenuItemLink-active .RaMenuItemLink-icon': { color: 'primary.main' },
        }}
      >
        {SECTIONS.filter((each) => can(each.right)).map((each) => (
          <Menu.Item
            key={each.name}
            to={`/console/c/${id}/${each.name}`}
            primaryText={say(each.words)}
            leftIcon={each.icon}
          />
        ))}
      </Menu>
    </Box>
  )
}
