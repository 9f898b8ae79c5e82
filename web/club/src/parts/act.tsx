import { Wish, type Problem } from '@clubkeeper/shared'
import { useMutation, type UseMutationResult } from '@tanstack/preact-query'
import { useRef } from 'preact/hooks'
import { afterwards } from '../data.ts'

export type Act<Given, Got> = UseMutationResult<Got, Problem, Given>

/**
 * Something that a member does. Whatever the page shows is asked for again afterwards, also when it
 * was refused: a refusal tells that something is no longer as the page shows it. Until then it is
 * pending.
 */
export function useAct<Given, Got>(
  act: (given: Given) => Promise<Got>,
  done?: (got: Got, given: Given) => void,
): Act<Given, Got> {
  return useMutation<Got, Problem, Given>({
    mutationFn: act,
    onSuccess: (got, given) => done?.(got, given),
    onSettled: afterwards,
  })
}

/**
 * The header that makes a wish happen once: its key stays while the very same thing is sent again,
 * and is a new one for another thing, or when `done` was called.
 */
export function useWish() {
  const { current: wish } = useRef(new Wish())
  return {
    header: (given: unknown) => ({ 'Idempotency-Key': wish.keyFor(given) }),
    done: () => wish.done(),
  }
}
