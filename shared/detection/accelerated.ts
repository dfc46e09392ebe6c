/** The types of machines that come with accelerators: worth the most to whoever mines on them. */
export const ACCELERATED = /(?:^|\/)(?:a2|a3|a4|a4x|g2|g4|ct\d\w{0,3}|tpu\d\w{0,2})-/;
