import { useContext } from 'preact/hooks'
import { ClubContext } from '../parts/club.tsx'
import { Page } from '../parts/page.tsx'
import { Shell } from '../parts/shell.tsx'
import { say } from '../words.ts'

/** No page has this address. */
export function LostPage() {
  const club = useContext(ClubContext)
  const told = (
    <Page title={say('lost.title')}>
      <p>{say('lost.lead')}</p>
      <p>
        <a href={club ? club.at('/') : '/'}>{say('lost.home')}</a>
      </p>
    </Page>
  )
  return club ? told : <Shell>{told}</Shell>
}
