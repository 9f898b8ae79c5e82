/** The console in one program: react-admin with the pages that there are. */

import { Admin, Resource, memoryStore, type AuthProvider } from 'react-admin'
import { useMemo, type ReactNode } from 'react'
import { Navigate, Route } from 'react-router-dom'
import { queries, session, signOut } from './api.ts'
import { useClub, type Club } from './club.tsx'
import { Shell, SECTIONS } from './Shell.tsx'
import { Approvals } from './pages/Approvals.tsx'
import { Audit } from './pages/Audit.tsx'
import { MemberPage } from './pages/MemberPage.tsx'
import { MemberSearch } from './pages/MemberSearch.tsx'
import { OrderPage } from './pages/OrderPage.tsx'
import { Orders } from './pages/Orders.tsx'
import { Picking } from './pages/Picking.tsx'
import { Forbidden, Heading, Quiet } from './parts.tsx'
import { say, spoken } from './spoken.ts'
import { theme } from './theme.tsx'

const words = {
  translate: (key: string, values?: object) => say(key as Parameters<typeof say>[0], { ...values }),
  getLocale: () => spoken,
  /** Languages are changed by loading the page again. */
  changeLocale: () => Promise.resolve(),
}

/** The server decides; this only keeps from sight what it would refuse. */
function gatekeeper(club: Club): AuthProvider {
  return {
    login: () => Promise.resolve(),
    logout: () => signOut().then(() => false as const),
    checkAuth: () => (session.given ? Promise.resolve() : Promise.reject(new Error('signed out'))),
    checkError: () => Promise.resolve(),
    getIdentity: () => Promise.resolve({ id: club.me.staff, fullName: club.me.name }),
    canAccess: ({ resource }) => {
      const section = SECTIONS.find((each) => each.name === resource)
      return Promise.resolve(!section || club.can(section.right))
    },
  }
}

export default function Work(): ReactNode {
  const club = useClub()
  const keeper = useMemo(() => gatekeeper(club), [club])
  const store = useMemo(() => memoryStore(), [])
  return (
    <Admin
      basename={`/console/c/${club.id}`}
      authProvider={keeper}
      i18nProvider={words}
      queryClient={queries}
      store={store}
      theme={theme}
      darkTheme={null}
      layout={Shell}
      dashboard={First}
      catchAll={Nowhere}
      accessDenied={Forbidden}
      loginPage={false}
      requireAuth
      disableTelemetry
    >
      <Resource name="members" list={MemberSearch}>
        <Route path=":member/*" element={<MemberPage />} />
      </Resource>
      <Resource name="approvals" list={Approvals} />
      <Resource name="orders" list={Orders}>
        <Route path="picking" element={<Picking />} />
        <Route path=":number" element={<OrderPage />} />
      </Resource>
      <Resource name="audit" list={Audit} />
    </Admin>
  )
}

/** Where work begins: the first section that is open to whoever is here. */
function First(): ReactNode {
  const { id, can } = useClub()
  const first = SECTIONS.find((each) => can(each.right))
  if (first) return <Navigate to={`/console/c/${id}/${first.name}`} replace />
  return (
    <>
      <Heading title={say('first.title')} />
      <Quiet>{say('first.nothing')}</Quiet>
    </>
  )
}

function Nowhere(): ReactNode {
  return (
    <>
      <Heading title={say('nowhere.title')} />
      <Quiet>{say('nowhere.why')}</Quiet>
    </>
  )
}
