export const placeholder = 'client/cli';
