/** The report on several explorations: the verdicts side by side, and then each. */
import { Explored } from '../../html/explored.tsx'
import type { Detail, ShownExploration } from '../../html/explored.tsx'
import { Summary } from '../../html/summary.tsx'
import { asFlag } from '../report/as-flag.ts'

export interface ShownExplorations {
  readonly explored: readonly ShownExploration[]
  /** Whether a bug's variants did as they are declared, in a sentence; undefined if nothing is declared. */
  readonly verdict?: string | undefined
}

export function Explorations({ explored, verdict, detail }: ShownExplorations & { readonly detail: Detail }) {
  return (
    <>
      {explored.length > 1 ? <Summary explored={explored} anchor={anchorAt} /> : undefined}
      {verdict === undefined ? undefined : <p class="prose">{verdict}</p>}
      {explored.map((each, index) => (
        <Explored key={index} {...each} id={anchorAt(index)} writeOption={asFlag} detail={detail} />
      ))}
    </>
  )
}

function anchorAt(index: number): string {
  return `explored-${index + 1}`
}
