/** Where nobody said which club is meant: nothing public lists clubs, so it is asked by its name. */

import { useLocation } from 'preact-iso'
import { say } from '../words.ts'

export function FindPage() {
  const { route } = useLocation()
  const open = (event: SubmitEvent): void => {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const wanted = String(form.get('program') ?? '').trim().toLowerCase()
    if (wanted) route(`/c/${encodeURIComponent(wanted)}`)
  }
  return (
    <form onSubmit={open}>
      <h1>{say('club.find')}</h1>
      <label>
        {say('club.address')}
        <input name="program" dir="ltr" autocapitalize="none" autocomplete="off" required />
      </label>
      <button type="submit">{say('club.open')}</button>
    </form>
  )
}
