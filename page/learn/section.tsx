/** The section "learn". */
import type { SectionProps } from '../shell.tsx'

export function Learn(_: SectionProps) {
  return <h1>Learn</h1>
}
