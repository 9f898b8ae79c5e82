import { data, OWN_NAMES, type MeView, type ProfileBody } from '@clubkeeper/shared'
import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import { useMe } from '../data.ts'
import { useAct } from '../parts/act.tsx'
import { locale, useClub } from '../parts/club.tsx'
import { Choice, TextField } from '../parts/fields.tsx'
import { Loaded, Trouble } from '../parts/loaded.tsx'
import { announce } from '../parts/said.tsx'
import { say } from '../words.ts'

/** Name, birthday, town, language of messages. */
export function About() {
  const me = useMe()
  return (
    <section class="card">
      <h2>{say('profile.about')}</h2>
      <Loaded query={me}>{(got) => <AboutForm me={got} />}</Loaded>
    </section>
  )
}

const GENDERS = ['', 'female', 'male', 'other'] as const

function AboutForm({ me }: { me: MeView }) {
  const club = useClub()
  const [told, setTold] = useState({
    given_name: me.given_name ?? '',
    family_name: me.family_name ?? '',
    city: me.city ?? '',
    birthday: me.birthday ?? '',
    gender: me.gender ?? ('' as const),
    language: me.language,
  })
  const save = useAct(
    () => data(api.PATCH('/v1/me', { body: changed() })),
    () => announce(say('profile.saved')),
  )
  const changed = (): ProfileBody => ({
    given_name: told.given_name.trim() || null,
    family_name: told.family_name.trim() || null,
    city: told.city.trim() || null,
    birthday: told.birthday || null,
    gender: told.gender || null,
    language: told.language,
  })
  const fields = save.error?.fields ?? {}
  const lacking = me.profile_missing.map((field) => say(`field.${field}`))
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(undefined)
      }}
    >
      {lacking.length > 0 && (
        <p>{say('profile.missing', { fields: new Intl.ListFormat(locale).format(lacking) })}</p>
      )}
      <TextField
        label={say('field.given_name')}
        error={fields['/given_name']}
        value={told.given_name}
        onValue={(given_name) => setTold({ ...told, given_name })}
        autocomplete="given-name"
        maxLength={100}
      />
      <TextField
        label={say('field.family_name')}
        error={fields['/family_name']}
        value={told.family_name}
        onValue={(family_name) => setTold({ ...told, family_name })}
        autocomplete="family-name"
        maxLength={100}
      />
      <TextField
        label={say('field.birthday')}
        error={fields['/birthday']}
        value={told.birthday}
        onValue={(birthday) => setTold({ ...told, birthday })}
        type="date"
        autocomplete="bday"
      />
      <TextField
        label={say('field.city')}
        error={fields['/city']}
        value={told.city}
        onValue={(city) => setTold({ ...told, city })}
        autocomplete="address-level2"
        maxLength={100}
      />
      <Choice
        label={say('field.gender')}
        value={told.gender}
        values={GENDERS.map((one) => [one, say(`gender.${one || 'none'}`)] as const)}
        onValue={(gender) => setTold({ ...told, gender })}
      />
      <Choice
        label={say('profile.language')}
        value={told.language}
        values={club.view.languages.map((one) => [one, OWN_NAMES[one]] as const)}
        onValue={(language) => setTold({ ...told, language })}
      />
      {save.error && Object.keys(fields).length === 0 && <Trouble problem={save.error} />}
      <button type="submit" aria-busy={save.isPending} disabled={save.isPending}>
        {say('shared.save')}
      </button>
    </form>
  )
}
