export const placeholder = 'scripts';
