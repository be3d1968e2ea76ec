/** Loads express and express-session, which are optional peer dependencies of racelab. */
import type express from 'express'
import type session from 'express-session'
import { RacelabError } from '../../errors.ts'

/** The loaded packages, and racelab's own session store for Express. */
export interface Packages {
  readonly express: typeof express
  readonly session: typeof session
  readonly ours: typeof import('../../store/express/index.ts')
}

/** A lesson needs a package that is not installed. */
export class PackageMissingError extends RacelabError {
  readonly code = 'ERR_RACELAB_PACKAGE_MISSING'

  constructor(missing: readonly string[]) {
    super(
      `This needs ${missing.join(' and ')}, not installed here. Install what is missing: npm install ${missing.join(' ')}`,
    )
  }
}

/** Loads the packages. Throws PackageMissingError. */
export async function loadPackages(): Promise<Packages> {
  const express = await optional(() => import('express'))
  const session = await optional(() => import('express-session'))
  if (!express || !session)
    throw new PackageMissingError([...(express ? [] : ['express']), ...(session ? [] : ['express-session'])])
  return { express: express.default, session: session.default, ours: await import('../../store/express/index.ts') }
}

async function optional<Module>(load: () => Promise<Module>): Promise<Module | undefined> {
  try {
    return await load()
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw failure
  }
}
