/** The section "run". */
import type { SectionProps } from '../shell.tsx'

export function Run(_: SectionProps) {
  return <h1>Run</h1>
}
