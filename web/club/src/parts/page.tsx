import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso/router'
import { useEffect, useRef } from 'preact/hooks'
import { useClubName } from './club.tsx'

const entered = location.pathname.replace(/\/$/, '')
let moved = false

interface Props {
  title: string
  /** Where this page belongs; a link above the heading leads there. */
  back?: { href: string; text: string }
  children: ComponentChildren
}

/** One page: its title in the window and as the heading, which takes the focus after a move. */
export function Page({ title, back, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  const club = useClubName()
  const { path } = useLocation()
  useEffect(() => {
    document.title = club && club !== title ? `${title} · ${club}` : title
  }, [title, club])
  useEffect(() => {
    moved ||= path !== entered
    if (moved) heading.current?.focus()
  }, [path])
  return (
    <>
      {back && (
        <a class="back" href={back.href}>
          {back.text}
        </a>
      )}
      <h1 ref={heading} tabIndex={-1}>
        <bdi>{title}</bdi>
      </h1>
      {children}
    </>
  )
}
