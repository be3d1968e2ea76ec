/** Finds the model that a name or a file stands for. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ModelError, models } from '../../check/index.ts'
import type { Model } from '../../check/index.ts'
import { importModule } from '../../explore/import-module.ts'
import { didYouMean } from '../../nearest.ts'

const FUNCTIONS = ['init', 'step', 'equal'] as const

/**
 * Returns a model of `racelab/check`, or the default export of a file.
 *
 * @throws {ModelError} If there is no such model and no such file, or if the file does not export a model.
 */
export async function namedModel(name: string): Promise<Model> {
  if (Object.hasOwn(models, name)) return models[name as keyof typeof models]
  const file = resolve(name)
  if (!existsSync(file)) {
    if (/[./\\]/.test(name)) throw new ModelError(`There is no file ${name}, and no model of that name.`)
    throw new ModelError(`There is no model "${name}": ${didYouMean(name, Object.keys(models))}`)
  }
  let module: object
  try {
    module = await importModule(pathToFileURL(file).href)
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
    throw new ModelError(`${name} cannot be loaded: ${message}`, { cause: error })
  }
  return modelIn(module, name)
}

function modelIn(module: object, name: string): Model {
  const found: unknown = Reflect.get(module, 'default')
  // TypeScript that is loaded as CommonJS has its exports in the default export.
  const inner: unknown = isObject(found) && 'default' in found ? found.default : found
  if (!isObject(inner)) throw new ModelError(`${name} has no model as its default export.`)
  const missing = FUNCTIONS.filter((key) => typeof Reflect.get(inner, key) !== 'function')
  if (missing.length > 0) throw new ModelError(`The model in ${name} has no function ${missing.join(', ')}.`)
  return inner as unknown as Model
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
