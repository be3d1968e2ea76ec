/** The section "explore": an editor, and every interleaving of what is in it. */
import { useEffect, useState } from 'preact/hooks'
import type { SectionProps } from '../shell.tsx'
import { Bench } from './bench.tsx'
import { openingOf } from './opening.ts'
import type { Opening } from './opening.ts'
import './explore.css'

export function Explore({ state }: SectionProps) {
  const [opening, setOpening] = useState<Opening>()
  useEffect(() => void openingOf(state).then(setOpening), [])
  return (
    <div class="explore">
      <h1>Explore</h1>
      <p class="lead">
        The explorer runs the code in every interleaving that can matter, and shows the smallest one that fails. Change
        the code, and explore again.
      </p>
      {opening === undefined ? undefined : <Bench opening={opening} />}
    </div>
  )
}
