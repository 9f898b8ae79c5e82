import type { CodeSent, JoinBody, Language, Problem, SessionTokens } from '@clubkeeper/shared'
import { useQueryClient } from '@tanstack/preact-query'
import { useState } from 'preact/hooks'
import { sentence } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { Radios, TextField, Tick } from '../parts/fields.tsx'
import { Trouble } from '../parts/loaded.tsx'
import { say, spoken } from '../words.ts'
import { useEnter } from './sign-in-code.tsx'

const CHANNELS = ['sms', 'email', 'push'] as const
type Channel = (typeof CHANNELS)[number]

interface Props {
  sent: CodeSent
  code: string
  /** The code is of no use any more: why. */
  onOver: (told: string) => void
  onBack: () => void
  onEntered: (tokens: SessionTokens) => void
}

/** Third step, for newcomers: who they are, what they agree to. */
export function JoinClub({ sent, code, onOver, onBack, onEntered }: Props) {
  const club = useClub()
  const queries = useQueryClient()
  const kinds = Object.keys(club.view.kinds)
  const [kind, setKind] = useState(kinds[0] ?? '')
  const [name, setName] = useState('')
  const [agreed, setAgreed] = useState(false)
  const [offers, setOffers] = useState<Channel[]>([])
  const enter = useEnter(onEntered)
  const rules = club.view.rules_public
  const join = () =>
    enter.mutate(
      { challenge: sent.challenge, one_time_code: code, join: wish() },
      { onError: refused },
    )
  const wish = (): JoinBody => ({
    kind,
    language: languageOf(club.view.languages),
    consents: offers,
    accept_rules: rules ? club.view.version : null,
    given_name: name.trim() || null,
  })
  const refused = (problem: Problem) => {
    if (problem.status === 410) onOver(sentence(problem))
    // Whoever accepts reads the version that is in force now.
    if (problem.code === 'rules_changed') {
      setAgreed(false)
      void queries.invalidateQueries({ queryKey: ['program', club.id] })
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        join()
      }}
    >
      <p>{say('join.lead')}</p>
      {kinds.length > 1 && (
        <Radios
          label={say('join.kind')}
          value={kind}
          values={kinds.map((one) => [one, kindName(one)] as const)}
          onValue={setKind}
        />
      )}
      {club.view.kinds[kind]?.joins === 'applied' && <p class="notice">{say('join.applied')}</p>}
      <TextField
        label={say('join.name')}
        hint={say('join.name.hint')}
        error={enter.error?.fields['/join/given_name']}
        value={name}
        onValue={setName}
        autocomplete="given-name"
        maxLength={100}
      />
      <fieldset>
        <legend>{say('join.offers')}</legend>
        {CHANNELS.map((channel) => (
          <Tick
            key={channel}
            checked={offers.includes(channel)}
            onChecked={(yes) =>
              setOffers(yes ? [...offers, channel] : offers.filter((one) => one !== channel))
            }
          >
            {say(`channel.${channel}`)}
          </Tick>
        ))}
      </fieldset>
      {rules && (
        <>
          <details>
            <summary>{say('welcome.rules')}</summary>
            <p class="rules">{club.view.rules}</p>
          </details>
          <Tick checked={agreed} onChecked={setAgreed} required>
            {say('join.accept')}
          </Tick>
        </>
      )}
      {enter.error && <Trouble problem={enter.error} />}
      <button type="submit" aria-busy={enter.isPending} disabled={enter.isPending}>
        {say('join.join')}
      </button>
      <button type="button" class="outline secondary" onClick={onBack}>
        {say('code.back')}
      </button>
    </form>
  )
}

/** The reader's language, or the club's own where it does not speak that. */
function languageOf(clubs: readonly Language[]): Language {
  return clubs.includes(spoken) ? spoken : (clubs[0] ?? spoken)
}

const KINDS = ['buyer', 'seller', 'breeder', 'owner', 'organisation'] as const

/** A kind of member in words; one that we have no words for stands as the club writes it. */
function kindName(kind: string): string {
  const known = KINDS.find((one) => one === kind)
  return known ? say(`kind.${known}`) : kind
}
