import { data, type Problem, type TermsView } from '@clubkeeper/shared'
import { useMutation } from '@tanstack/preact-query'
import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { api, useMember } from '../api.ts'
import { afterwards, useMine, useTerms } from '../data.ts'
import { useClub } from '../parts/club.tsx'
import { Tick } from '../parts/fields.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'

/** The terms in force, what will change, and their acceptance where it is asked for. */
export default function TermsPage() {
  const club = useClub()
  const member = useMember(club.id)
  return (
    <Page title={say('terms.title')} back={{ href: club.at('/'), text: say('tab.home') }}>
      {member ? <Terms /> : <Text />}
    </Page>
  )
}

function Terms() {
  const terms = useTerms()
  return (
    <Loaded query={terms}>
      {(got) => (
        <>
          {got.rules_to_accept !== null && <Accept terms={got} version={got.rules_to_accept} />}
          <p class="rules">{got.in_force.rules}</p>
          <Coming terms={got} />
        </>
      )}
    </Loaded>
  )
}

/** What anybody may read where the terms are public. */
function Text() {
  const club = useClub()
  const params = { path: { program: club.id } }
  const rules = useMine('rules', () => data(api.GET('/v1/programs/{program}/rules', { params })))
  return <Loaded query={rules}>{(got) => <p class="rules">{got.rules}</p>}</Loaded>
}

function Accept({ terms, version }: { terms: TermsView; version: number }) {
  const club = useClub()
  const { query, route } = useLocation()
  const [agreed, setAgreed] = useState(false)
  const accept = useMutation<unknown, Problem>({
    mutationFn: () =>
      data(
        api.PUT('/v1/me/consents/{purpose}', {
          params: { path: { purpose: 'rules' } },
          body: { granted: true, rules_version: version },
        }),
      ),
    onSuccess: () => {
      void afterwards()
      announce(say('terms.accepted'))
      if (query.to?.startsWith(club.at('/'))) route(query.to)
    },
    onError: (problem) => {
      if (problem.code === 'rules_changed') void afterwards()
    },
  })
  return (
    <form
      class="notice warn stacked"
      onSubmit={(event) => {
        event.preventDefault()
        accept.mutate()
      }}
    >
      <p>{say(terms.rules_version === 0 ? 'terms.first' : 'terms.changed')}</p>
      <Tick checked={agreed} onChecked={setAgreed} required>
        {say('terms.agree')}
      </Tick>
      {accept.error && <Trouble problem={accept.error} />}
      <button type="submit" aria-busy={accept.isPending}>
        {say('terms.accept')}
      </button>
    </form>
  )
}

function Coming({ terms }: { terms: TermsView }) {
  const club = useClub()
  return (
    <>
      {terms.coming.map((version) => (
        <section key={version.version} class="card">
          <h2>{say('terms.from', { day: club.moment(version.effective_at) })}</h2>
          {version.changes.length > 0 && (
            <ul>
              {version.changes.map((change) => (
                <li key={change}>{change}</li>
              ))}
            </ul>
          )}
          <details>
            <summary>{say('terms.whole')}</summary>
            <p class="rules">{version.rules}</p>
          </details>
        </section>
      ))}
    </>
  )
}
