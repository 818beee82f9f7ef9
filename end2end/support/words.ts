// What the screens say, in both languages: how tests find things. The texts themselves live in app/src/text and in domain.

export type Lang = "zh" | "en";

const table = {
  // Sign-in and the frame.
  signIn: ["登录", "Sign in"],
  username: ["用户名", "User name"],
  password: ["密码", "Password"],
  expired: ["登录已过期", "Your session has ended"],
  rail: ["主导航", "Main"],
  home: ["首页", "Home"],
  projects: ["项目", "Projects"],
  review: ["质检", "Review"],
  figures: ["统计", "Figures"],
  account: ["我的账号", "My account"],
  find: ["查找页面和操作", "Find pages and commands"],
  switchLang: ["English", "中文"],
  theme: ["外观", "Appearance"],
  keys: ["快捷键", "Keys"],
  // Words of many pages.
  add: ["添加", "Add"],
  save: ["保存", "Save"],
  saved: ["已保存", "Saved"],
  cancel: ["取消", "Cancel"],
  download: ["下载", "Download"],
  create: ["新建", "Create"],
  role: ["角色", "Role"],
  manager: ["项目经理", "Manager"],
  reviewer: ["质检员", "Reviewer"],
  annotator: ["标注员", "Annotator"],
  done: ["已完成", "Done"],
  accepted: ["已通过", "Accepted"],
  waiting: ["待质检", "Waiting"],
  partlyReturned: ["部分退回", "Partly returned"],
  // Projects and their set-up.
  newProject: ["新建项目", "New project"],
  projectName: ["项目名称", "Name"],
  image: ["图像", "Image"],
  text: ["文本", "Text"],
  createProject: ["新建并开始设置", "Create and set up"],
  nextStep: ["下一步：", "Next: "],
  stepSchema: ["标注方案", "Schema"],
  stepGuideline: ["规范", "Guideline"],
  stepPeople: ["成员", "People"],
  stepSettings: ["规则", "Settings"],
  stepStart: ["开工", "Start"],
  drop: ["把文件拖到这里，或点击选择", "Drop files here, or press to choose"],
  paste: ["粘贴文本", "Paste text"],
  pasteLabel: ["粘贴的内容", "Pasted text"],
  pasteSend: ["导入这些文本", "Import this text"],
  reviewMode: ["质检方式", "Review"],
  everyItem: ["全部检查", "Every item"],
  openForWork: ["开放作业", "Open for work"],
  isOpen: ["项目正在进行中。", "The project is open."],
  setup: ["设置", "Set-up"],
  batches: ["批次", "Batches"],
  exports: ["导出", "Exports"],
  overview: ["概览", "Overview"],
  newBatch: ["新建批次", "New batch"],
  atMost: ["最多条数", "At most"],
  batchN: ["第 {n} 批", "Batch {n}"],
  format: ["格式", "Format"],
  startExport: ["开始导出", "Export"],
  jsonl: ["JSONL（完整，可再导入）", "JSONL (lossless, can be imported again)"],
  coco: ["COCO（图形、掩膜与骨架）", "COCO (shapes, masks and skeletons)"],
  guidelineText: ["规范正文", "Text"],
  preview: ["预览", "Preview"],
  saveAs: ["保存为第 {n} 版", "Save as version {n}"],
  versionInForce: ["当前第 {n} 版", "version {n} in force"],
  // The schema editor.
  addControl: ["添加控件", "Add a control"],
  kindChoice: ["选择题", "Choice"],
  kindSpan: ["文本区间", "Spans"],
  controlN: ["控件 {n}", "Control {n}"],
  controlId: ["标识", "Id"],
  titleZh: ["中文名称", "Chinese title"],
  titleEn: ["英文名称", "English title"],
  required: ["必填", "Required"],
  labels: ["标签", "Labels"],
  options: ["选项", "Options"],
  addLabel: ["添加标签", "Add a label"],
  addOption: ["添加选项", "Add an option"],
  key: ["快捷键", "Key"],
  fits: ["方案完整，可以保存。", "The schema is complete."],
  jsonLabel: ["方案的 JSON", "The schema as JSON"],
  // The annotator's home and the workbench.
  startLabeling: ["开始标注", "Start labeling"],
  beginRework: ["先处理返工", "Begin with rework"],
  homeRework: ["返工", "Rework"],
  stageText: ["待标注文本", "The text to label"],
  stageImage: ["待标注图像", "The image to label"],
  submit: ["提交并继续", "Submit and go on"],
  skip: ["跳过", "Skip"],
  skipTitle: ["跳过这一条", "Skip this item"],
  unsure: ["拿不准，留给他人", "Not sure: leave it to somebody else"],
  fit: ["适合窗口", "Fit"],
  marked: ["已标 {n} 处", "{n} marked"],
  deleteOne: ["删除 {what}", "Delete {what}"],
  guideline: ["标注规范", "Guideline"],
  offline: ["离线", "Offline"],
  idle: ["暂时没有可做的条目", "Nothing to do right now"],
  rework: ["返工", "Rework"],
  submitKey: ["提交并继续", "Submit and go on"],
  // Review.
  toReview: ["待质检批次", "Batches to review"],
  openBatch: ["开始质检", "Inspect"],
  strip: ["抽样条目", "Drawn items"],
  itemN: ["第 {n} 条 {key}", "Item {n} {key}"],
  pass: ["合格", "Pass"],
  fail: ["不合格", "Fail"],
  allWords: ["全检 {n} 条，已判 {done} 条", "All {n}, {done} judged"],
  reason: ["不合格原因", "Why it fails"],
  wrongBoundary: ["边界不准", "Wrong boundary"],
  comment: ["给标注员的话", "Words to the annotator"],
  saveFail: ["判为不合格", "Fail it"],
  decide: ["批次结论", "Decision"],
  accept: ["接收批次", "Accept the batch"],
  returnFailed: ["退回不合格条目", "Return the failed items"],
  decided: ["批次已有结论", "The batch is decided"],
  revision: ["第 {n} 版", "Revision {n}"],
} as const;

export type Words = Record<keyof typeof table, string>;

/** The words of a language. */
export function words(lang: Lang): Words {
  const at = lang === "zh" ? 0 : 1;
  return Object.fromEntries(Object.entries(table).map(([key, pair]) => [key, pair[at]])) as Words;
}

/** Puts values into a text: `fill("{n} marked", { n: 3 })`. */
export function fill(template: string, values: Record<string, string | number>): string {
  return template.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** The browser's own name of the language. */
export const locale = (lang: Lang) => (lang === "zh" ? "zh-CN" : "en-GB");
