import { data, type Problem } from '@clubkeeper/shared'
import { useMutation } from '@tanstack/preact-query'
import { useLocation } from 'preact-iso/router'
import { api, session } from '../api.ts'
import { forget } from '../data.ts'
import { say } from '../words.ts'
import { useClub } from './club.tsx'
import { Trouble } from './loaded.tsx'
import { announce } from './said.tsx'

/** Nobody is signed in any more: nothing of the member stays in the page. */
export function forgetMember(): void {
  session.close()
  forget()
}

/** Signs out here. */
export function SignOut() {
  const club = useClub()
  const { route } = useLocation()
  const out = useMutation<unknown, Problem>({
    mutationFn: () => data(api.DELETE('/v1/me/session')),
    onSuccess: () => {
      route(club.at('/'))
      forgetMember()
      announce(say('sign_out.done'))
    },
  })
  return (
    <>
      <button
        type="button"
        class="secondary"
        aria-busy={out.isPending}
        onClick={() => out.mutate()}
      >
        {say('shared.sign_out')}
      </button>
      {out.error && <Trouble problem={out.error} />}
    </>
  )
}
