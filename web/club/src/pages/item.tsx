import { data, type Problem, type RegisteredView, type VerdictView } from '@clubkeeper/shared'
import { useQuery } from '@tanstack/preact-query'
import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { api, useMember } from '../api.ts'
import { sentence, useOptions } from '../data.ts'
import { useAct } from '../parts/act.tsx'
import { Closed } from '../parts/closed.tsx'
import { useClub } from '../parts/club.tsx'
import { TextField } from '../parts/fields.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { Reasons } from '../parts/reasons.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'
import { Claim } from './item-claim.tsx'

/** What is wrong with the scratch code, or with how often one was tried. */
const ABOUT_CODE = ['code_wrong', 'code_mistyped', 'code_tries_exhausted']

/** One tag: whether its item is genuine, and for whom it can be registered. */
export default function ItemPage({ serial = '' }: { serial?: string }) {
  const club = useClub()
  const member = useMember(club.id)
  const [registered, setRegistered] = useState<RegisteredView | null>(null)
  const { gtin = '' } = useLocation().query
  const params = { path: { serial }, query: { gtin } }
  // A look counts as a scan, so one visit looks once.
  const tag = useQuery<VerdictView, Problem>({
    queryKey: ['tag', serial, member?.member],
    queryFn: () => data(api.GET('/v1/tags/{serial}', { params })),
    staleTime: Infinity,
  })
  const title = registered ? say('item.done') : (tag.data?.sentence ?? say('items.title'))
  return (
    <Page title={title} back={{ href: club.at('/items'), text: say('items.title') }}>
      {registered ? (
        <Registered got={registered} />
      ) : (
        <Loaded query={tag}>
          {(got) => <Verdict got={got} typed={serial} onRegistered={setRegistered} />}
        </Loaded>
      )}
    </Page>
  )
}

interface VerdictProps {
  got: VerdictView
  typed: string
  onRegistered: (got: RegisteredView) => void
}

function Verdict({ got, typed, onRegistered }: VerdictProps) {
  const club = useClub()
  const member = useMember(club.id)
  const known = got.verdict === 'genuine' || got.verdict === 'registered'
  const sells = known && member?.kind === 'seller' && got.program?.program === club.id
  const facts = [
    [say('item.name'), got.item?.name],
    [say('item.sku'), got.item?.sku],
    [say('items.serial'), got.serial || typed],
    [say('item.club'), got.program?.name],
    [say('item.first'), got.first_seen && club.day(got.first_seen)],
    [say('item.scans'), got.first_seen && club.number(got.scans)],
  ].filter((fact): fact is [string, string] => Boolean(fact[1]))
  return (
    <>
      <p>{say(`item.${got.next === 'yours' ? 'yours' : got.verdict}`)}</p>
      {sells && got.next !== 'yours' && <Claim serial={got.serial} />}
      <Next got={got} onRegistered={onRegistered} />
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

/** What the reader can do with the tag. */
function Next({ got, onRegistered }: Omit<VerdictProps, 'typed'>) {
  const club = useClub()
  const standing = useOptions()('items')
  const here = `/c/${got.program?.program}/items/${got.serial}`
  if (got.program && got.program.program !== club.id) {
    return (
      <p>
        <a class="button" href={here}>
          {say('item.elsewhere', { club: got.program.name })}
        </a>
      </p>
    )
  }
  if (got.next === 'sign_in') {
    return (
      <p>
        <a class="button" href={club.at(`/sign-in?to=${encodeURIComponent(here)}`)}>
          {say('item.sign_in')}
        </a>
      </p>
    )
  }
  if (got.next !== 'register') return null
  if (standing?.open === false) return <Closed option="items" standing={standing} />
  return <Register serial={got.serial} onRegistered={onRegistered} />
}

interface RegisterProps {
  serial: string
  onRegistered: (got: RegisteredView) => void
}

function Register({ serial, onRegistered }: RegisterProps) {
  const [code, setCode] = useState('')
  const register = useAct(
    () => data(api.POST('/v1/me/items', { body: { serial, scratch_code: code.trim() } })),
    (got) => {
      announce(say('item.done'))
      onRegistered(got)
    },
  )
  const refused = register.error
  const short = refused?.fields['/scratch_code']
  const wrong = short ?? (refused && ABOUT_CODE.includes(refused.code) ? sentence(refused) : '')
  return (
    <form
      noValidate
      class="card"
      onSubmit={(event) => {
        event.preventDefault()
        register.mutate(undefined)
      }}
    >
      <TextField
        label={say('item.code')}
        hint={say('item.code.hint')}
        error={wrong || undefined}
        value={code}
        onValue={setCode}
        dir="ltr"
        autocapitalize="characters"
        autocomplete="off"
        spellcheck={false}
        maxLength={40}
        required
      />
      {refused && !wrong && <Trouble problem={refused} />}
      <button type="submit" aria-busy={register.isPending} disabled={register.isPending}>
        {say('item.register')}
      </button>
    </form>
  )
}

function Registered({ got }: { got: RegisteredView }) {
  const club = useClub()
  return (
    <>
      <p class="lead">
        <bdi>{got.item.name}</bdi>
      </p>
      <section class="balance" aria-label={say('home.points')}>
        <p class="figure">
          <strong>
            <bdi dir="ltr">{club.change(got.points)}</bdi>
          </strong>{' '}
          {club.unit(got.points)}
        </p>
        <p>{say('item.balance', { balance: club.points(got.account.available) })}</p>
      </section>
      <Reasons of={got.awards} />
      <p>
        <a href={club.at('/items')}>{say('items.mine')}</a>
      </p>
    </>
  )
}
