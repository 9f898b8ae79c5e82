/** Which address shows which page. */

import { data, Problem, type ProgramView } from '@clubkeeper/shared'
import { useQuery } from '@tanstack/preact-query'
import type { ComponentType } from 'preact'
import lazy from 'preact-iso/lazy'
import { LocationProvider, Route, Router, useLocation } from 'preact-iso/router'
import { useMemo } from 'preact/hooks'
import { api, session } from './api.ts'
import { ClubContext, clubOf } from './parts/club.tsx'
import { Trouble, Waiting } from './parts/loaded.tsx'
import { mine } from './parts/mine.tsx'
import { Shell } from './parts/shell.tsx'
import { FrontPage } from './pages/front.tsx'
import { AwayPage } from './pages/away.tsx'
import { LostPage } from './pages/lost.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { StartPage } from './pages/start.tsx'

/** A page that is loaded when it is wanted; where that fails, words and a way to try again. */
function page(load: () => Promise<{ default: ComponentType<any> }>): ComponentType<any> {
  return lazy(() => load().catch(() => ({ default: AwayPage })))
}

const HistoryPage = mine(page(() => import('./pages/history.tsx')))
const EntryPage = mine(page(() => import('./pages/entry.tsx')))
const OptionsPage = mine(page(() => import('./pages/options.tsx')))
const PurchasesPage = mine(page(() => import('./pages/purchases.tsx')))
const PurchasePage = mine(page(() => import('./pages/purchase.tsx')))
const GiftsPage = mine(page(() => import('./pages/gifts.tsx')))
const GiftPage = mine(page(() => import('./pages/gift.tsx')))
const OrdersPage = mine(page(() => import('./pages/orders.tsx')))
const OrderPage = mine(page(() => import('./pages/order.tsx')))
const CardPage = mine(page(() => import('./pages/card.tsx')))
const CharitiesPage = mine(page(() => import('./pages/charities.tsx')))
const GroupsPage = mine(page(() => import('./pages/groups.tsx')))
const ProfilePage = mine(page(() => import('./pages/profile.tsx')))
const LeavePage = mine(page(() => import('./pages/leave.tsx')))
const ItemsPage = page(() => import('./pages/items.tsx'))
const ItemPage = page(() => import('./pages/item.tsx'))
const TermsPage = page(() => import('./pages/terms.tsx'))

export function App() {
  return (
    <LocationProvider>
      <Everything />
    </LocationProvider>
  )
}

function Everything() {
  const { path } = useLocation()
  const [, program] = /^\/c\/([^/]+)/.exec(path) ?? []
  if (program) return <ClubApp key={program} program={decodeURIComponent(program)} />
  return path === '/' ? <StartPage /> : <LostPage />
}

/** One club: what anyone may know of it and who is signed in come first, then its pages. */
function ClubApp({ program }: { program: string }) {
  const view = useQuery<ProgramView, Problem>({
    queryKey: ['program', program],
    queryFn: () => data(api.GET('/v1/programs/{program}', { params: { path: { program } } })),
    staleTime: Infinity,
  })
  const resumed = useQuery<boolean, Problem>({
    queryKey: ['session'],
    queryFn: () => session.resume(),
    staleTime: Infinity,
  })
  const club = useMemo(() => (view.data ? clubOf(view.data) : null), [view.data])
  if (view.error?.status === 404) return <StartPage unknown={view.error.message} />
  const failed = view.error ?? resumed.error
  const again = () => void Promise.all([view.refetch(), resumed.refetch()])
  if (!club || resumed.data === undefined) {
    return <Shell>{failed ? <Trouble problem={failed} retry={again} /> : <Waiting />}</Shell>
  }
  return (
    <ClubContext.Provider value={club}>
      <Shell>
        <Router>
          <Route path="/c/:program" component={FrontPage} />
          <Route path="/c/:program/sign-in" component={SignInPage} />
          <Route path="/c/:program/terms" component={TermsPage} />
          <Route path="/c/:program/options" component={OptionsPage} />
          <Route path="/c/:program/history" component={HistoryPage} />
          <Route path="/c/:program/history/:seq" component={EntryPage} />
          <Route path="/c/:program/purchases" component={PurchasesPage} />
          <Route path="/c/:program/purchases/:receipt" component={PurchasePage} />
          <Route path="/c/:program/gifts" component={GiftsPage} />
          <Route path="/c/:program/gifts/:reward" component={GiftPage} />
          <Route path="/c/:program/orders" component={OrdersPage} />
          <Route path="/c/:program/orders/:order" component={OrderPage} />
          <Route path="/c/:program/items" component={ItemsPage} />
          <Route path="/c/:program/items/:serial" component={ItemPage} />
          <Route path="/c/:program/card" component={CardPage} />
          <Route path="/c/:program/charities" component={CharitiesPage} />
          <Route path="/c/:program/groups" component={GroupsPage} />
          <Route path="/c/:program/profile" component={ProfilePage} />
          <Route path="/c/:program/leave" component={LeavePage} />
          <Route default component={LostPage} />
        </Router>
      </Shell>
    </ClubContext.Provider>
  )
}
