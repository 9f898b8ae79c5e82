import type { CodeSent, SessionTokens } from '@clubkeeper/shared'
import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { session, useMember } from '../api.ts'
import { forget } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { Redirect } from '../parts/mine.tsx'
import { Page } from '../parts/page.tsx'
import { announce } from '../parts/said.tsx'
import { say, type Key } from '../words.ts'
import { AskAddress, type Asked } from './sign-in-address.tsx'
import { EnterCode } from './sign-in-code.tsx'
import { JoinClub } from './sign-in-join.tsx'

type Step =
  | { at: 'address'; told?: string }
  | { at: 'code'; asked: Asked; sent: CodeSent }
  | { at: 'join'; asked: Asked; sent: CodeSent; code: string }

/** Sign in or join with a one-time code; afterwards on to where somebody wanted to go. */
export function SignInPage() {
  const club = useClub()
  const member = useMember(club.id)
  const { query } = useLocation()
  const [step, setStep] = useState<Step>({ at: 'address' })
  const [wanted, setWanted] = useState(() => within(query.to, club.at('/')))
  if (member) return <Redirect to={wanted} />

  const enter = (tokens: SessionTokens) => {
    forget()
    // Terms that are shown to members only could not be accepted before.
    const unread = tokens.joined && tokens.member.rules_version === 0
    if (unread) setWanted(club.at(`/terms?to=${encodeURIComponent(wanted)}`))
    session.open(tokens, club.id)
    announce(say(welcome(tokens)))
  }
  const title = say(step.at === 'join' ? 'join.title' : 'sign_in.title')
  return (
    <Page title={title}>
      {step.at === 'address' && (
        <AskAddress
          told={step.told}
          onSent={(asked, sent) => setStep({ at: 'code', asked, sent })}
        />
      )}
      {step.at === 'code' && (
        <EnterCode
          asked={step.asked}
          sent={step.sent}
          onSent={(sent) => setStep({ ...step, sent })}
          onBack={() => setStep({ at: 'address' })}
          onStranger={(code) => setStep({ ...step, at: 'join', code })}
          onEntered={enter}
        />
      )}
      {step.at === 'join' && (
        <JoinClub
          sent={step.sent}
          code={step.code}
          onOver={(told) => setStep({ at: 'address', told })}
          onBack={() => setStep({ at: 'address' })}
          onEntered={enter}
        />
      )}
    </Page>
  )
}

/** What is said to whoever came in. */
function welcome({ joined, member }: SessionTokens): Key {
  if (member.status === 'applied') return 'standing.applied'
  return joined ? 'sign_in.joined' : 'sign_in.done'
}

/** An address of this club that was wanted; anything else is not followed. */
function within(wanted: string | undefined, home: string): string {
  return wanted?.startsWith(home) && !wanted.includes('//') ? wanted : home
}
