/** A result in stars. */
import { result, stars } from './words.ts'

export function Stars({ count, best }: { readonly count: number; readonly best: number }) {
  return (
    <span class="stars" role="img" aria-label={result(count, best)} title={result(count, best)}>
      {stars(count, best)}
    </span>
  )
}
