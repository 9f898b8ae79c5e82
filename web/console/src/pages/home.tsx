/** What one sees first. */

import { Card, CardContent, Typography } from '@mui/material'
import { Title, useTranslate } from 'react-admin'

export function HomePage() {
  const say = useTranslate()
  return (
    <Card>
      <Title title="console.title" />
      <CardContent>
        <Typography>{say('console.welcome')}</Typography>
      </CardContent>
    </Card>
  )
}
