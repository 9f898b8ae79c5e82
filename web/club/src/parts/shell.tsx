import { chooseLanguage, LANGUAGES, OWN_NAMES, type Language } from '@clubkeeper/shared'
import type { ComponentChildren } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import { say, spoken } from '../words.ts'
import { ClubContext } from './club.tsx'
import { Said } from './said.tsx'
import { Tabs } from './tabs.tsx'

/** What stands around every page. */
export function Shell({ children }: { children: ComponentChildren }) {
  const club = useContext(ClubContext)
  return (
    <div class="shell">
      <a class="skip" href="#main">
        {say('shell.skip')}
      </a>
      <header>
        <div class="container bar">
          {club ? (
            <a class="brand" href={club.at('/')}>
              <bdi>{club.view.name}</bdi>
            </a>
          ) : (
            <span class="brand">{say('shell.name')}</span>
          )}
          <Languages />
        </div>
      </header>
      {club && <Tabs />}
      <main id="main" class="container" tabIndex={-1}>
        <Offline />
        {children}
      </main>
      <Said />
    </div>
  )
}

function Languages() {
  return (
    <select
      class="languages"
      aria-label={say('shared.language')}
      value={spoken}
      onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}
    >
      {LANGUAGES.map((one) => (
        <option key={one} value={one} lang={one}>
          {OWN_NAMES[one]}
        </option>
      ))}
    </select>
  )
}

/** Says so while the browser has no connection. */
function Offline() {
  const [away, setAway] = useState(!navigator.onLine)
  useEffect(() => {
    const look = () => setAway(!navigator.onLine)
    addEventListener('online', look)
    addEventListener('offline', look)
    return () => {
      removeEventListener('online', look)
      removeEventListener('offline', look)
    }
  }, [])
  return <div role="status">{away && <p class="notice warn">{say('shell.offline')}</p>}</div>
}
