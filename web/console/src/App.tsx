/** Who is there: nobody yet, somebody in one of their programs, or somebody who has to choose one. */

import { store, stored } from '@clubkeeper/shared'
import { CssBaseline, ThemeProvider, createTheme } from '@mui/material'
import { QueryClientProvider } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from 'react'
import { BrowserRouter, Navigate, Route, Routes, useParams } from 'react-router-dom'
import { asProblem, queries, sentence, session, signOut, useSignedIn } from './api.ts'
import { ClubContext, clubOf, useMe, useProgram } from './club.tsx'
import { Choice } from './Choice.tsx'
import { Gate } from './frame.tsx'
import { Invitation } from './Invitation.tsx'
import { Refused, Shown, Waiting } from './parts.tsx'
import { SignIn } from './SignIn.tsx'
import { say } from './spoken.ts'
import { Styles, theme } from './theme.tsx'

const Work = lazy(() => import('./Work.tsx'))
const LAST = 'clubkeeper.console.club'
const outside = createTheme(theme)

export function App(): ReactNode {
  return (
    <Styles>
      <ThemeProvider theme={outside}>
        <CssBaseline />
        <QueryClientProvider client={queries}>
          <BrowserRouter>
            <Routes>
              <Route path="/console/invitation" element={<Invitation />} />
              <Route path="/console/clubs" element={<Inside><Choice /></Inside>} />
              <Route path="/console/c/:program/*" element={<Inside><InClub /></Inside>} />
              <Route path="*" element={<Inside><Start /></Inside>} />
            </Routes>
          </BrowserRouter>
        </QueryClientProvider>
      </ThemeProvider>
    </Styles>
  )
}

/** What is for those who are signed in; the others sign in first, at the very same address. */
function Inside({ children }: { children: ReactNode }): ReactNode {
  const signedIn = useSignedIn()
  const [asked, setAsked] = useState(signedIn)
  const [failure, setFailure] = useState<unknown>(null)

  function resume(): void {
    setFailure(null)
    session.resume().then(() => setAsked(true), setFailure)
  }
  useEffect(resume, [])

  if (failure) {
    return (
      <Gate title={say('away.title')}>
        <Refused failure={failure} retry={resume} />
      </Gate>
    )
  }
  if (!asked) return <Blank />
  return signedIn ? children : <SignIn />
}

function Blank(): ReactNode {
  return (
    <Gate title={say('shared.loading')}>
      <Waiting />
    </Gate>
  )
}

/** The program that was worked in last, or the only one; otherwise one is chosen. */
function Start(): ReactNode {
  const me = useMe()
  if (!me.data) return <Asking of={me} />
  const programs = me.data.programs.map((each) => each.program)
  const last = stored(LAST)
  if (last && programs.includes(last)) return <Navigate to={`/console/c/${last}/`} replace />
  const only = me.data.invitations.length === 0 && programs.length === 1 && programs[0]
  return <Navigate to={only ? `/console/c/${only}/` : '/console/clubs'} replace />
}

function InClub(): ReactNode {
  const { program = '' } = useParams()
  const me = useMe()
  const grant = me.data?.programs.find((each) => each.program === program)
  const told = useProgram(program)
  useEffect(() => {
    if (grant) store(LAST, grant.program)
  }, [grant])

  const club = useMemo(
    () => told.data && grant && me.data && clubOf(told.data, grant, me.data),
    [told.data, grant, me.data],
  )

  if (!me.data) return <Asking of={me} />
  if (!grant) return <Navigate to="/console/clubs" replace />
  if (!club) return <Asking of={told} />
  return (
    <ClubContext value={club}>
      <Suspense fallback={<Blank />}>
        <Work key={program} />
      </Suspense>
    </ClubContext>
  )
}

function Asking({ of }: { of: Parameters<typeof Shown>[0]['of'] }): ReactNode {
  if (of.error && asProblem(of.error).status === 403) {
    return (
      <Gate title={say('forbidden.title')}>
        <Refused failure={of.error} retry={() => void signOut()} />
      </Gate>
    )
  }
  return (
    <Gate title={of.error ? sentence(of.error) : say('shared.loading')}>
      <Shown of={of}>{() => null}</Shown>
    </Gate>
  )
}
