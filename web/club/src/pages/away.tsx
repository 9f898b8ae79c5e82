import { Page } from '../parts/page.tsx'
import { say } from '../words.ts'

/** In place of a page that could not be loaded: no connection, or a newer release took its place. */
export function AwayPage() {
  return (
    <Page title={say('away.title')}>
      <p role="alert">{say('away.lead')}</p>
      <button type="button" onClick={() => location.reload()}>
        {say('shared.retry')}
      </button>
    </Page>
  )
}
