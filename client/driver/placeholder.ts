export const placeholder = 'client/driver';
