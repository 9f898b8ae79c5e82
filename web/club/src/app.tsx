/** The frame of every page, and which address shows which page. */

import { chooseLanguage, language, LANGUAGES, OWN_NAMES, type Language } from '@clubkeeper/shared'
import { LocationProvider, Route, Router } from 'preact-iso'
import { ClubPage } from './pages/club.tsx'
import { FindPage } from './pages/find.tsx'
import { say } from './words.ts'

export function App() {
  return (
    <LocationProvider>
      <header class="container bar">
        <strong>{say('club.title')}</strong>
        <label>
          {say('shared.language')}{' '}
          <select onChange={(event) => chooseLanguage(event.currentTarget.value as Language)}>
            {LANGUAGES.map((each) => (
              <option key={each} value={each} lang={each} selected={each === language()}>
                {OWN_NAMES[each]}
              </option>
            ))}
          </select>
        </label>
      </header>
      <main class="container">
        <Router>
          <Route path="/c/:program" component={ClubPage} />
          <Route default component={FindPage} />
        </Router>
      </main>
    </LocationProvider>
  )
}
