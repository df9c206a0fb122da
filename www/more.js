// Behind the glue of the second module: what www/forms.js, behind the first one's, has to know of it.
export { die, onTrap };
