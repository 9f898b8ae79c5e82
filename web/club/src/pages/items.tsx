import { data, type OwnItemView } from '@clubkeeper/shared'
import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { api, useMember } from '../api.ts'
import { useOptions, useRows } from '../data.ts'
import { Closed } from '../parts/closed.tsx'
import { useClub } from '../parts/club.tsx'
import { TextField } from '../parts/fields.tsx'
import { Rows } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'
import { Claims } from './item-claim.tsx'

const PAGE = 20

/** Anybody may check a tag; members register theirs and see what they have registered. */
export default function ItemsPage() {
  const club = useClub()
  const member = useMember(club.id)
  const standing = useOptions()('items')
  return (
    <Page title={say('items.title')}>
      {standing?.open === false && <Closed option="items" standing={standing} />}
      <Check />
      {member?.status === 'active' && member.kind === 'seller' && <Claims />}
      {member?.status === 'active' && <Own />}
    </Page>
  )
}

function Check() {
  const club = useClub()
  const { route } = useLocation()
  const [serial, setSerial] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        route(club.at(`/items/${encodeURIComponent(serial.trim())}`))
      }}
    >
      <TextField
        label={say('items.serial')}
        hint={say('items.serial.hint')}
        value={serial}
        onValue={setSerial}
        dir="ltr"
        autocapitalize="characters"
        autocomplete="off"
        spellcheck={false}
        maxLength={40}
        required
      />
      <button type="submit">{say('items.check')}</button>
    </form>
  )
}

function Own() {
  const club = useClub()
  const list = useRows<OwnItemView>('items', (cursor) =>
    data(api.GET('/v1/me/items', { params: { query: { limit: PAGE, cursor } } })),
  )
  return (
    <section>
      <h2>{say('items.mine')}</h2>
      <Rows list={list} empty={say('items.empty')}>
        {(rows) => (
          <ul class="entries">
            {rows.map((row) => (
              <li key={row.serial} class="entry">
                <bdi class="what">{row.item.name}</bdi>
                <strong class="change good">
                  <bdi dir="ltr">{club.change(row.points)}</bdi>
                </strong>
                <span class="when">{club.day(row.registered_at)}</span>
                <bdi class="after" dir="ltr">
                  {row.serial}
                </bdi>
              </li>
            ))}
          </ul>
        )}
      </Rows>
    </section>
  )
}
