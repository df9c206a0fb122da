// What the types let through, and what they do not. Compiled by the tests, never run.
import { load, type ArticleWidgetElement } from "article-widget";
import type {} from "article-widget/vue";
import type { GlobalComponents } from "vue";

const element: ArticleWidgetElement | null = document.querySelector("article-widget");
const made: ArticleWidgetElement = document.createElement("article-widget");
made.mostRead = "7d";
made.theme = "";
// @ts-expect-error: no such theme
made.theme = "blue";
// @ts-expect-error: no such window
made.mostRead = "1y";
void made.load("ID").then(() => made.destroy());
// @ts-expect-error: an id is text
void made.load(1);

element?.addEventListener("article-widget:share", ({ detail }) => detail.channel.length);
document.addEventListener("article-widget:ready", ({ detail }) => detail.state === "live");
window.addEventListener("article-widget:error", ({ detail }) => detail.reason.length);
// @ts-expect-error: a view has no reference
element?.addEventListener("article-widget:view", ({ detail }) => detail.reference);

void load({ src: "https://news.example", version: "1", integrity: "sha384-", nonce: "" });
// @ts-expect-error: there is always a publisher
void load({});

type Given = InstanceType<GlobalComponents["article-widget"]>["$props"];
const given: Given = { article: "ID", "most-read": "7d" };
void given;
