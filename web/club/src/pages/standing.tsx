import type { Problem } from '@clubkeeper/shared'
import { useMutation } from '@tanstack/preact-query'
import { session, type Member } from '../api.ts'
import { useClub } from '../parts/club.tsx'
import { Trouble } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { SellsFor } from '../parts/sells-for.tsx'
import { TermsNotice } from '../parts/terms-notice.tsx'
import { SignOut } from '../parts/sign-out.tsx'
import { say } from '../words.ts'

/** What somebody sees whose membership is not active: how it stands, and the terms. */
export function StandingPage({ member }: { member: Member }) {
  const { status, kind } = member
  const club = useClub()
  const word = status === 'applied' ? 'applied' : status === 'rejected' ? 'rejected' : 'suspended'
  return (
    <Page title={say(`standing.${word}`)}>
      <p>{say(`standing.${word}.lead`)}</p>
      <TermsNotice />
      {status === 'applied' && kind === 'seller' && <SellsFor />}
      <LookAgain />
      <p>
        <a href={club.at('/terms')}>{say('terms.link')}</a>
      </p>
      <SignOut />
    </Page>
  )
}

/** Asks whether the club has decided meanwhile; then the page is another one. */
function LookAgain() {
  const look = useMutation<unknown, Problem>({ mutationFn: () => session.refresh() })
  return (
    <>
      {look.error && <Trouble problem={look.error} />}
      <p>
        <button
          type="button"
          class="outline"
          aria-busy={look.isPending}
          onClick={() => look.mutate()}
        >
          {say('standing.look')}
        </button>
      </p>
    </>
  )
}
