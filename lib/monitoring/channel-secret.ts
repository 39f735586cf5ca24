/** What the secrets of channels are encrypted for. */
export const CHANNEL_SECRETS = "alert channel";
