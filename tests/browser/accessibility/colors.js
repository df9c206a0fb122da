// Colours as they are seen, [red, green, blue, alpha], and how well one stands out from another.
const parent = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host;
const read = (color) => {
  const [, r, g, b, a = '1'] = /^rgba?\(([\d.]+),? ([\d.]+),? ([\d.]+)(?:,? (?:\/ )?([\d.]+))?\)$/.exec(color) ?? [];
  if (r === undefined) throw new Error(`no colour that is known here: ${color}`);
  return [r, g, b, a].map(Number);
};
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const paper = (element) => {
  if (!element) return [255, 255, 255, 1];
  const { backgroundColor, backgroundImage } = getComputedStyle(element);
  if (backgroundImage !== 'none') throw new Error(`a picture behind ${element.className}`);
  const own = read(backgroundColor);
  return own[3] === 1 ? own : over(own, paper(parent(element)));
};
const luminance = (color) => {
  const [r, g, b] = color.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
