/** The frame: who may enter, in which language and direction, and which pages there are. */

import createCache from '@emotion/cache'
import { CacheProvider } from '@emotion/react'
import { direction, language } from '@clubkeeper/shared'
import rtl from '@mui/stylis-plugin-rtl'
import { Admin, CustomRoutes, type I18nProvider } from 'react-admin'
import { Route } from 'react-router-dom'
import { prefixer } from 'stylis'
import { auth } from './auth.ts'
import { HomePage } from './pages/home.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { dark, light } from './theme.ts'

const mirrored = direction(language()) === 'rtl'
const styles = createCache({
  key: mirrored ? 'ar' : 'css',
  stylisPlugins: mirrored ? [prefixer, rtl] : [prefixer],
})

export function App({ translations }: { translations: I18nProvider }) {
  return (
    <CacheProvider value={styles}>
      <Admin
        authProvider={auth}
        i18nProvider={translations}
        loginPage={SignInPage}
        theme={light}
        darkTheme={dark}
        dashboard={HomePage}
        disableTelemetry
        requireAuth
      >
        <CustomRoutes>
          <Route path="/home" element={<HomePage />} />
        </CustomRoutes>
      </Admin>
    </CacheProvider>
  )
}
