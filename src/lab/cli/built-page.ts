/** Where the built page is. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { RacelabError } from '../../errors.ts'
import { packageFolder } from './command.ts'

/** The page has not been built: only in a checkout. */
class PageAbsentError extends RacelabError {
  readonly code = 'ERR_RACELAB_PAGE_ABSENT'
}

/** Returns the folder of the built page. Throws PageAbsentError. */
export function builtPage(): string {
  const folder = fileURLToPath(new URL('dist/page/', packageFolder()))
  if (existsSync(`${folder}index.html`)) return folder
  throw new PageAbsentError(
    'The page is not built yet. Build it with npm run build, or serve its sources as they are with npm run page.',
  )
}
