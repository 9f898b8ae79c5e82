import { type Member } from '../api.ts'
import { useClub } from '../parts/club.tsx'
import { Page } from '../parts/page.tsx'
import { TermsNotice } from '../parts/terms-notice.tsx'
import { SignOut } from '../parts/sign-out.tsx'
import { say } from '../words.ts'

/** What somebody sees whose membership is not active: how it stands, and the terms. */
export function StandingPage({ status }: { status: Member['status'] }) {
  const club = useClub()
  const word = status === 'applied' ? 'applied' : status === 'rejected' ? 'rejected' : 'suspended'
  return (
    <Page title={say(`standing.${word}`)}>
      <p>{say(`standing.${word}.lead`)}</p>
      <TermsNotice />
      <p>
        <a href={club.at('/terms')}>{say('terms.link')}</a>
      </p>
      <SignOut />
    </Page>
  )
}
