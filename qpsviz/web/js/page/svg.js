// Elements of a drawing in SVG.

const NAMESPACE = "http://www.w3.org/2000/svg";

/** Make an SVG element: attributes and children in one call; text children become text. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}
