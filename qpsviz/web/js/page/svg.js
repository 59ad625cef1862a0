// Elements of a drawing in SVG.
/** @import { Child } from "../types.js" */

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Make an SVG element: attributes and children in one call; text children become text.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {object} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
