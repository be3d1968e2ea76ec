/** The section "play": the player decides who takes each step, and tries to make it fail. */
import { useEffect } from 'preact/hooks'
import type { SectionProps } from '../shell.tsx'
import { Board } from './board.tsx'
import { Contents } from './contents.tsx'
import { STAGES } from './stages.ts'
import './play.css'

/** False until the section was shown once: then the reader has come from another part of it. */
let wasShown = false

export function Play({ state }: SectionProps) {
  useEffect(() => {
    // The link that led here is gone with the part that it stood in, and the keyboard's place with it.
    if (wasShown) document.querySelector<HTMLElement>('.play h1')?.focus()
    wasShown = true
  }, [])
  const id = state.get('level')
  const stage = STAGES.find((each) => each.id === id)
  if (stage === undefined) return <Contents unknown={id ?? undefined} />
  return <Board stage={stage} schedule={scheduleIn(state.get('steps') ?? '')} />
}

/** Returns the steps that an address names: a digit for each, which is the actor's key. */
function scheduleIn(steps: string): readonly number[] {
  return Array.from(steps, (digit) => Number(digit) - 1)
}
