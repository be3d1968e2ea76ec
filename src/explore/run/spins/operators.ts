/**
 * The operators of a round, on values that are known. A value that may not be a primitive may run code when it is
 * converted.
 */
import { sharedView } from '../../model/shared-view.ts'
import { MadeView } from './made-view.ts'
import { computed, isPrimitive, Made, Obstacle, refuseConversion, Unknown, UnknownPrimitive } from './values.ts'

type Primitive = never

/** Evaluates a unary operator. */
export function unary(operator: string, value: unknown): unknown {
  if (operator === 'void') return undefined
  if (value instanceof Unknown && (operator === '!' || operator === 'typeof')) return new UnknownPrimitive()
  if (operator === '!') return !value
  if (operator === 'typeof') return value instanceof Made ? new UnknownPrimitive() : typeof value
  refuseConversion(value)
  if (value instanceof Unknown) return new UnknownPrimitive()
  return computed(() => signed(operator, value as Primitive))
}

function signed(operator: string, value: Primitive): unknown {
  if (operator === '-') return -value
  return operator === '+' ? +value : ~value
}

/** Returns the values before and after `++` or `--`. */
export function counted(operator: string, value: unknown): { before: unknown; after: unknown } {
  refuseConversion(value)
  if (value instanceof Unknown) return { before: new UnknownPrimitive(), after: new UnknownPrimitive() }
  const before = computed(() => (typeof value === 'bigint' ? value : Number(value)))
  const one = typeof before === 'bigint' ? 1n : 1
  return { before, after: binary(operator === '++' ? '+' : '-', before, one) }
}

/** Evaluates a binary operator. */
export function binary(operator: string, left: unknown, right: unknown): unknown {
  const unknown = left instanceof Unknown || right instanceof Unknown
  if (!isPrimitive(left) && !isPrimitive(right) && (isViewOfShared(left) || isViewOfShared(right)))
    throw new Obstacle('compares views')
  if (operator === '===') return unknown ? new UnknownPrimitive() : left === right
  if (operator === '!==') return unknown ? new UnknownPrimitive() : left !== right
  const loosely = operator === '==' || operator === '!='
  if (loosely && !unknown && (isNullish(left) || isNullish(right))) {
    return (isNullish(left) && isNullish(right)) === (operator === '==')
  }
  if (operator === 'instanceof' || operator === 'in') throw new Obstacle(`uses ${operator}`)
  refuseConversion(left, right)
  if (unknown) return new UnknownPrimitive()
  return computed(() => arithmetic(operator, left as Primitive, right as Primitive))
}

/** A view that a round makes is another one in each round, though the variables that hold it count as unchanged. */
function isViewOfShared(value: unknown): boolean {
  return value instanceof MadeView || sharedView(value) !== undefined
}

function isNullish(value: unknown): boolean {
  return value === null || value === undefined
}

function arithmetic(operator: string, left: Primitive, right: Primitive): unknown {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return left / right
    case '%':
      return left % right
    case '**':
      return left ** right
    case '&':
      return left & right
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '<<':
      return left << right
    case '>>':
      return left >> right
    case '>>>':
      return left >>> right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
    case '==':
      // oxlint-disable-next-line eqeqeq -- it is the operator that is carried out
      return left == right
    case '!=':
      // oxlint-disable-next-line eqeqeq -- it is the operator that is carried out
      return left != right
    default:
      return new UnknownPrimitive()
  }
}
