// A platform in the middle of its work, made over REST: a firm, people, a text and an image project with items in every
// state. What pages are looked at with.

import type { Page } from "@playwright/test";
import { drawn } from "./data";
import { account, type Account } from "./people";
import type { Rest } from "./rest";
import type { Terrace } from "./terrace";

export const schema = {
  controls: [
    {
      id: "entities",
      kind: "span",
      overlap: true,
      title: { zh: "实体", en: "Entities" },
      labels: [
        { id: "PER", title: { zh: "人名", en: "Person" } },
        { id: "ORG", title: { zh: "机构", en: "Company" } },
        { id: "LOC", title: { zh: "地名", en: "Place" } },
      ],
    },
    {
      id: "mood",
      kind: "choice",
      required: true,
      title: { zh: "情感", en: "Mood" },
      options: [
        { id: "pos", title: { zh: "正面", en: "Positive" } },
        { id: "neg", title: { zh: "负面", en: "Negative" } },
      ],
    },
    { id: "note", kind: "text", max_chars: 200, title: { zh: "备注", en: "Note" } },
  ],
};

export const shapes = {
  controls: [
    {
      id: "objects",
      kind: "box",
      title: { zh: "物体", en: "Objects" },
      labels: [
        { id: "house", title: { zh: "房屋", en: "House" } },
        { id: "road", title: { zh: "道路", en: "Road" } },
      ],
    },
    { id: "areas", kind: "polygon", title: { zh: "区域", en: "Areas" }, labels: [{ id: "field", title: { zh: "梯田", en: "Terrace" } }] },
  ],
};

const towns = ["贵阳", "遵义", "安顺", "毕节", "铜仁", "凯里", "都匀", "兴义"];

/** Short texts of this number, `t1`, `t2`…, each with one place name. */
export const lines = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: `t${n + 1}`, text: `第${n + 1}天，我们从${towns[n % towns.length]}出发，去看山里的梯田和老街，下午在茶馆歇脚。` }));

const jsonl = (rows: unknown[]) => new TextEncoder().encode(rows.map((row) => JSON.stringify(row)).join("\n"));

type Settings = Record<string, unknown>;

/** A project with its items, members and rules, open for work. */
export async function project(
  rest: Rest,
  name: string,
  modality: "text" | "image",
  rules: unknown,
  files: { name: string; bytes: Uint8Array }[],
  members: [Account, string][],
  settings: Settings = {},
): Promise<string> {
  const guideline = "# 标注规范\n\n- 标**整个**名称，不带标点。\n- 正例：*贵阳*。反例：*贵阳，*。\n";
  const { body } = await rest.post<{ id: string }>("/projects", {
    name,
    modality,
    schema: rules,
    guideline,
    settings: { review: "all", ...settings },
  });
  for (const [person, role] of members) await rest.put(`/projects/${body.id}/members/${person.username}`, { role });
  for (const file of files) {
    const format = modality === "text" ? "jsonl" : "images";
    const { body: job } = await rest.post<{ id: string }>(
      `/projects/${body.id}/imports?format=${format}&name=${encodeURIComponent(file.name)}`,
      file.bytes,
    );
    await rest.finished(`/imports/${job.id}`);
  }
  await rest.patch(`/projects/${body.id}`, { status: "open" });
  return body.id;
}

/** A text project of so many lines. */
export const texts = (rest: Rest, name: string, count: number, members: [Account, string][], settings: Settings = {}) =>
  project(rest, name, "text", schema, [{ name: "lines.jsonl", bytes: jsonl(lines(count)) }], members, settings);

type Claim = { id: string; item: { id: string; key: string; data: { text?: string } } };

/** Labels so many items as this person. */
async function label(rest: Rest, project: string, count: number, value: (claim: Claim) => unknown): Promise<void> {
  for (let done = 0; done < count; done++) {
    const { body } = await rest.post<{ claims: Claim[] }>(`/projects/${project}/claims`, { count: 1 });
    const claim = body.claims[0]!;
    await rest.post(`/claims/${claim.id}/submit`, { value: value(claim), active_ms: 4_000, schema_version: 1 });
  }
}

const textValue = (claim: Claim) => {
  const text = claim.item.data.text!;
  const place = towns.find((town) => text.includes(town))!;
  const start = [...text.slice(0, text.indexOf(place))].length;
  return { mood: ["pos"], entities: [{ id: "s1", label: "LOC", start, end: start + 2, text: place }] };
};

const imageValue = () => ({
  objects: [{ id: "b1", label: "house", x: 200, y: 180, w: 320, h: 240 }],
  areas: [{ id: "p1", label: "field", points: [[80, 500], [500, 470], [700, 560], [120, 580]] }],
});

export type Scene = {
  manager: Account;
  annotator: Account;
  other: Account;
  reviewer: Account;
  texts: string;
  images: string;
  fresh: string;
  /** Waits for its reviewer. */
  batch: string;
  /** The same for images. */
  imageBatch: string;
  item: string;
  imageItem: string;
};

/** Everything, so that no page is empty. */
export async function scene(terrace: Terrace, page: Page): Promise<Scene> {
  const operator = await terrace.rest();
  await operator.post("/organizations", { name: "贵阳数据标注中心", region: "guiyang" });
  await operator.post("/organizations", { name: "Zunyi Annotation Base", region: "zunyi" });
  const organization = "贵阳数据标注中心";
  const manager = await account(operator, "manager", "龙经理", { role: "manager", organization });
  const annotator = await account(operator, "annotator", "杨标注", { organization });
  const other = await account(operator, "colleague", "Chen Wei", { organization: "Zunyi Annotation Base" });
  const reviewer = await account(operator, "reviewer", "吴质检", { organization });
  const rest = await terrace.rest(manager);
  const [mine, theirs, checks] = await Promise.all([terrace.rest(annotator), terrace.rest(other), terrace.rest(reviewer)]);
  const members: [Account, string][] = [
    [annotator, "annotator"],
    [other, "annotator"],
    [reviewer, "reviewer"],
  ];

  const text = await texts(rest, "旅行见闻实体标注", 40, members);
  await label(mine, text, 8, textValue);
  await label(theirs, text, 4, textValue);
  // One batch decided with something returned, one waiting.
  const { body: done } = await rest.post<{ id: string }>(`/projects/${text}/batches`, { size: 6 });
  const { body: run } = await checks.post<{ id: string; sample: { item: string }[] }>(`/batches/${done.id}/inspections`, {});
  for (const [n, { item }] of run.sample.entries()) {
    const verdict = n === 0 ? { verdict: "fail", reason: "missing", comment: "还有一个地名没有标" } : { verdict: "pass" };
    await checks.put(`/inspections/${run.id}/verdicts/${item}`, verdict);
  }
  await checks.post(`/batches/${done.id}/decision`, { decision: "return_failed", reason: "请补上漏标" });
  const { body: batch } = await rest.post<{ id: string }>(`/projects/${text}/batches`, { size: 4 });
  const { body: job } = await rest.post<{ id: string }>(`/projects/${text}/exports`, { format: "jsonl", only: "accepted" });
  await rest.finished(`/exports/${job.id}`);

  const pictures = await Promise.all(["a.png", "b.png", "c.png"].map((name) => drawn(page, name, 900, 600)));
  const images = await project(
    rest,
    "Village houses",
    "image",
    shapes,
    pictures.map(({ name, buffer }) => ({ name, bytes: buffer })),
    members,
  );
  await label(theirs, images, 2, imageValue);
  const { body: imageBatch } = await rest.post<{ id: string }>(`/projects/${images}/batches`, { size: 2 });

  // One that is still being set up, with a line that cannot be read.
  const { body: fresh } = await rest.post<{ id: string }>("/projects", { name: "还在筹备的项目", modality: "text" });
  const broken = new TextEncoder().encode('{"id":"a","text":"好的"}\n{"id":"b"}\nnot json\n');
  const { body: bad } = await rest.post<{ id: string }>(`/projects/${fresh.id}/imports?format=jsonl&name=broken.jsonl`, broken);
  await rest.finished(`/imports/${bad.id}`);

  const first = async (project: string) => {
    const { body } = await rest.get<{ rows: { id: string }[] }>(`/projects/${project}/items?limit=1`);
    return body.rows[0]!.id;
  };
  return {
    manager,
    annotator,
    other,
    reviewer,
    texts: text,
    images,
    fresh: fresh.id,
    batch: batch.id,
    imageBatch: imageBatch.id,
    item: await first(text),
    imageItem: await first(images),
  };
}

export type Place = { name: string; who: keyof Pick<Scene, "manager" | "annotator" | "reviewer"> | "operator" | "nobody"; path: string };

/** Every page, and who looks at it. */
export function places(made: Scene): Place[] {
  const of = (who: Place["who"], pages: Record<string, string>) => Object.entries(pages).map(([name, path]) => ({ name, who, path }));
  return [
    ...of("nobody", { "sign-in": "/sign-in" }),
    ...of("annotator", {
      "home-annotator": "/",
      "work-text": `/work/${made.texts}`,
      "work-image": `/work/${made.images}`,
      "figures-mine": "/figures",
      me: "/me",
      missing: "/no-such-page",
    }),
    ...of("reviewer", {
      "home-reviewer": "/",
      review: "/review",
      "review-text": `/review/${made.batch}`,
      "review-image": `/review/${made.imageBatch}`,
    }),
    ...of("manager", {
      "home-manager": "/",
      projects: "/projects",
      "project-new": "/projects/new",
      project: `/projects/${made.texts}`,
      items: `/projects/${made.texts}/items`,
      item: `/projects/${made.texts}/items/${made.item}`,
      "item-image": `/projects/${made.images}/items/${made.imageItem}`,
      batches: `/projects/${made.texts}/batches`,
      exports: `/projects/${made.texts}/exports`,
      "project-fresh": `/projects/${made.fresh}`,
      "setup-data": `/projects/${made.fresh}/setup/data`,
      "setup-schema-empty": `/projects/${made.fresh}/setup/schema`,
      "setup-schema": `/projects/${made.texts}/setup/schema`,
      "setup-guideline": `/projects/${made.texts}/setup/guideline`,
      "setup-people": `/projects/${made.texts}/setup/people`,
      "setup-settings": `/projects/${made.texts}/setup/settings`,
      "setup-start": `/projects/${made.fresh}/setup/start`,
      figures: `/figures?project=${made.texts}`,
    }),
    ...of("operator", { people: "/people", organizations: "/organizations", "figures-all": "/figures", wall: "/wall" }),
  ];
}
