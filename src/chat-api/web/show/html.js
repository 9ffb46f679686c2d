import htm from 'htm';
import { h } from 'preact';

/**
 * @typedef {(strings: TemplateStringsArray, ...values: unknown[]) => import('preact').VNode} Template
 * @typedef {{ bind(create: typeof h): Template }} Htm its own types are for CommonJS
 */

/** Preact's elements as templates. What users wrote becomes text and attributes: it is never read as HTML. */
export const html = /** @type {Htm} */ (/** @type {unknown} */ (htm)).bind(h);
