/** The section "explore". */
import type { SectionProps } from '../shell.tsx'

export function Explore(_: SectionProps) {
  return <h1>Explore</h1>
}
