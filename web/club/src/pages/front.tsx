import { useEffect } from 'preact/hooks'
import { useMember } from '../api.ts'
import { useClub } from '../parts/club.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'
import { HomePage } from './home.tsx'
import { StandingPage } from './standing.tsx'
import { remember } from './start.tsx'

/** A club's front: the member's home; for everybody else what the club is called, and the door. */
export function FrontPage() {
  const club = useClub()
  const member = useMember(club.id)
  useEffect(() => remember(club.id), [club.id])
  if (member?.status === 'active') return <HomePage />
  if (member) return <StandingPage member={member} />
  return <Welcome />
}

function Welcome() {
  const club = useClub()
  return (
    <div class="welcome">
      <Page title={club.view.name}>
        <p class="lead">{say('welcome.lead')}</p>
        <p>
          <a class="button" href={club.at('/sign-in')}>
            {say('welcome.enter')}
          </a>
        </p>
        {club.view.rules && (
          <details>
            <summary>{say('welcome.rules')}</summary>
            <p class="rules">{club.view.rules}</p>
          </details>
        )}
        <ul class="ways">
          <li>
            <a href={club.at('/items')}>{say('welcome.check')}</a>
          </li>
          <li>
            <a href="/?another">{say('welcome.another')}</a>
          </li>
        </ul>
      </Page>
    </div>
  )
}
