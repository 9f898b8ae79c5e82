import { data, intent, Problem, type ApplyBody, type GroupStanding } from '@clubkeeper/shared'
import { useId, useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useGroups, useOptions } from '../data.ts'
import { useAct, useWish } from '../parts/act.tsx'
import { Closed } from '../parts/closed.tsx'
import { useClub } from '../parts/club.tsx'
import { TextField } from '../parts/fields.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { Page } from '../parts/page.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'

const TYPES = ['image/jpeg', 'image/png', 'image/webp', 'application/pdf'] as const

/** Groups with advantages: how the member stands with them, and the way in. */
export default function GroupsPage() {
  const club = useClub()
  const groups = useGroups()
  const standing = useOptions()('groups')
  return (
    <Page title={say('groups.title')} back={{ href: club.at('/'), text: say('tab.home') }}>
      <p>{say('groups.lead')}</p>
      {standing?.open === false && <Closed option="groups" standing={standing} />}
      <Loaded query={groups}>
        {(got) =>
          got.length === 0 ? (
            <p class="empty">{say('groups.none')}</p>
          ) : (
            got.map((group) => (
              <Group key={group.group} group={group} open={standing?.open === true} />
            ))
          )
        }
      </Loaded>
    </Page>
  )
}

function Group({ group, open }: { group: GroupStanding; open: boolean }) {
  const club = useClub()
  return (
    <section class="card">
      <h2>
        <bdi>{group.name}</bdi>
      </h2>
      {group.member && (
        <p class="good">
          {group.until
            ? say('groups.until', { day: club.day(group.until) })
            : say('groups.member')}
        </p>
      )}
      {group.application === 'waiting' && <p>{say('groups.waiting')}</p>}
      {group.application === 'refused' && (
        <p>{say('groups.refused', { reason: group.reason ?? '' })}</p>
      )}
      <p>{group.evidence}</p>
      {open && group.application !== 'waiting' && <Apply group={group.group} />}
    </section>
  )
}

function Apply({ group }: { group: string }) {
  const wish = useWish()
  const files = useId()
  const [evidence, setEvidence] = useState('')
  const [chosen, setChosen] = useState<File[]>([])
  const apply = useAct(
    async () => {
      const sent: string[] = []
      for (const file of chosen) sent.push(await send(file))
      const body: ApplyBody = { group, evidence: evidence.trim(), files: sent }
      const params = { header: wish.header(body) }
      return data(api.POST('/v1/me/group-applications', { params, body }))
    },
    () => {
      wish.done()
      announce(say('groups.applied'))
    },
  )
  const wrong = apply.error?.fields['/evidence']
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        apply.mutate(undefined)
      }}
    >
      <TextField
        label={say('groups.evidence')}
        error={wrong}
        value={evidence}
        onValue={setEvidence}
        autocomplete="off"
        maxLength={500}
      />
      <div class="field">
        <label for={files}>{say('groups.files')}</label>
        <input
          id={files}
          type="file"
          multiple
          accept={TYPES.join(',')}
          onChange={(event) => setChosen([...(event.currentTarget.files ?? [])])}
        />
      </div>
      {apply.error && !wrong && <Trouble problem={apply.error} />}
      <button type="submit" aria-busy={apply.isPending} disabled={apply.isPending}>
        {say('groups.apply')}
      </button>
    </form>
  )
}

/** Announces a file and sends it to where the API says; its id. */
async function send(file: File): Promise<string> {
  const media_type = TYPES.find((type) => type === file.type)
  if (!media_type) throw new Problem('wrong_file_type', say('groups.upload_failed'), 0)
  const announced = await data(
    api.POST('/v1/me/evidence-files', {
      params: { header: { 'Idempotency-Key': intent() } },
      body: { media_type, size: file.size },
    }),
  )
  const form = new FormData()
  for (const [name, value] of Object.entries(announced.upload.fields)) form.append(name, value)
  form.append('file', file)
  const answer = await fetch(announced.upload.url, { method: 'POST', body: form }).catch(() => null)
  if (!answer?.ok) throw new Problem('upload_failed', say('groups.upload_failed'), 0)
  return announced.file
}
