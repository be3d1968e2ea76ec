/** Keeps the address up to date, and copies it. */
import { useEffect, useState } from 'preact/hooks'
import { keepState } from '../route.ts'
import { packed } from './address.ts'
import type { Opening } from './opening.ts'
import type { Walk } from './walking.ts'

interface ShareProps {
  readonly text: { readonly code: string; readonly example: string | undefined }
  readonly scenario: string | undefined
  readonly walk: Walk | undefined
  readonly opening: Opening
  readonly hasRun: boolean
}

export function Share({ text, scenario, walk, opening, hasRun }: ShareProps) {
  const [said, setSaid] = useState('')
  const { code, example } = text
  // Until it has run, an address with a step keeps it.
  const isAsOpened = !hasRun && code === opening.code
  const token = isAsOpened ? opening.goal.token : walk?.token
  const step = isAsOpened ? opening.goal.step : walk?.position
  useEffect(() => {
    setSaid('')
    let isOld = false
    const keep = async (): Promise<void> => {
      const own = example === undefined ? await packed(code) : undefined
      const at = token === undefined ? undefined : step?.toString()
      if (!isOld) keepState('explore', { example, code: own, scenario, token, step: at })
    }
    void keep()
    return () => (isOld = true)
  }, [code, example, scenario, token, step])
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(location.href)
      setSaid('Copied.')
    } catch {
      setSaid('The browser does not let the page copy. The address bar has the link.')
    }
  }
  return (
    <p class="share">
      <button type="button" class="quiet" onClick={() => void copy()}>
        Copy link
      </button>{' '}
      <span class="faint" role="status">
        {said === '' ? 'The address has the code and the step.' : said}
      </span>
    </p>
  )
}
