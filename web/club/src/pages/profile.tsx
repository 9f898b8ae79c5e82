import { useMember } from '../api.ts'
import { useClub } from '../parts/club.tsx'
import { Page } from '../parts/page.tsx'
import { SellsFor } from '../parts/sells-for.tsx'
import { SignOut } from '../parts/sign-out.tsx'
import { say } from '../words.ts'
import { About } from './profile-about.tsx'
import { Consents } from './profile-consents.tsx'
import { Contacts } from './profile-contacts.tsx'
import { Sessions } from './profile-sessions.tsx'
import { TakeAway } from './profile-export.tsx'

/** What the club knows of the member, and what they decide. */
export default function ProfilePage() {
  const club = useClub()
  const member = useMember(club.id)
  return (
    <Page title={say('profile.title')}>
      <About />
      <Contacts />
      {member?.kind === 'seller' && <SellsFor />}
      <Consents />
      <Sessions />
      <TakeAway />
      <ul class="ways">
        <li>
          <a href={club.at('/terms')}>{say('terms.link')}</a>
        </li>
        <li>
          <a href="/?another">{say('welcome.another')}</a>
        </li>
        <li>
          <a href={club.at('/leave')}>{say('leave.title')}</a>
        </li>
      </ul>
      <SignOut />
    </Page>
  )
}
