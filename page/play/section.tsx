/** The section "play". */
import type { SectionProps } from '../shell.tsx'

export function Play(_: SectionProps) {
  return <h1>Play</h1>
}
