/** What may be wider than the page: it scrolls by itself, also by keyboard. */
import type { ComponentChildren } from 'preact'

export function Wide({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="wide" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  )
}
