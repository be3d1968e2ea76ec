/** A row of a diagram. */
import type { Frame } from '../../explore/run/positions.ts'

export interface DiagramRow {
  readonly actor: number
  readonly text: string
  /** Where it is in the source; undefined if that is not known. */
  readonly frame: Frame | undefined
  /** Its first step, and the one after its last, counted from 0. */
  readonly from: number
  readonly to: number
  /** The number of the step that the text describes, counted from 1. */
  readonly step: number
  /** Whether it is within the call of a row above. */
  readonly within: boolean
  /** Whether it shows only that a call was made. */
  readonly quiet: boolean
}
