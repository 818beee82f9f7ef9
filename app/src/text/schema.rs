//! The schema editor.

super::texts! {
    /// Texts of the schema editor.
    SchemaText {
        title: "标注方案", "Schema";
        lead: "方案由若干控件组成，标注员按从上到下的顺序填写。", "A schema is a list of controls that annotators fill from top to bottom.";
        version: "当前第 {n} 版", "version {n} in force";
        none_yet: "还没有保存过方案", "nothing saved yet";
        add: "添加控件", "Add a control";
        kind_choice: "选择题", "Choice";
        kind_span: "文本区间", "Spans";
        kind_box: "方框", "Boxes";
        kind_rotated_box: "旋转框", "Rotated boxes";
        kind_ellipse: "椭圆", "Ellipses";
        kind_polygon: "多边形", "Polygons";
        kind_polyline: "折线", "Lines";
        kind_point: "点", "Points";
        kind_mask: "掩膜", "Masks";
        kind_skeleton: "骨架", "Skeletons";
        kind_text: "文字", "Text";
        points: "骨架点", "Points";
        points_hint: "按标注顺序填写，用逗号隔开，例如：鼻，左眼，右眼", "In the order of drawing, with commas between: nose, left eye, right eye";
        edges: "连线", "Edges";
        edges_hint: "用短横连接两个点，用逗号隔开，例如：鼻-左眼，鼻-右眼", "Two points with a dash between, by commas: nose-left eye, nose-right eye";
        attributes: "标签的属性", "Attributes of the label";
        add_attribute: "添加属性", "Add an attribute";
        form: "属性类型", "Kind of attribute";
        form_flag: "是否", "Yes or no";
        form_number: "数字", "Number";
        attribute_options: "选项，用逗号隔开，例如：up=站立，down=坐下", "Options by commas, as in up=standing, down=sitting";
        control: "控件 {n}", "Control {n}";
        control_id: "标识", "Id";
        title_zh: "中文名称", "Chinese title";
        title_en: "英文名称", "English title";
        required: "必填", "Required";
        multiple: "可多选", "More than one";
        overlap: "区间可以重叠", "Spans may overlap";
        multiline: "可以换行", "Line breaks";
        min_chars: "最少字数", "Fewest characters";
        max_chars: "最多字数", "Most characters";
        labels: "标签", "Labels";
        options: "选项", "Options";
        add_label: "添加标签", "Add a label";
        add_option: "添加选项", "Add an option";
        add_child: "添加下级选项", "Add an option under this";
        color: "颜色", "Colour";
        key: "快捷键", "Key";
        key_taken: "快捷键 {key} 重复", "Key {key} is used twice";
        move_up: "上移", "Move up";
        move_down: "下移", "Move down";
        remove: "删除", "Remove";
        preview: "预览", "Preview";
        json: "JSON", "JSON";
        views: "预览或 JSON", "Preview or JSON";
        json_label: "方案的 JSON", "The schema as JSON";
        json_broken: "JSON 格式有误：{error}", "Not valid JSON: {error}";
        problems: "待解决的问题", "To be put right";
        fits: "方案完整，可以保存。", "The schema is complete.";
        empty: "还没有控件", "No controls yet";
        empty_text: "从下面选一种控件开始，或从模板开始。", "Begin with a kind below, or with a template.";
        template_ner: "模板：实体识别", "Template: named entities";
        template_sentiment: "模板：情感分类", "Template: sentiment";
        template_objects: "模板：物体检测", "Template: objects";
        save: "保存为第 {n} 版", "Save as version {n}";
        saved: "方案已保存", "The schema is saved";
        impact_title: "这样保存会影响已有标注", "Existing annotations are affected";
        impact_text: "现有 {all} 条标注，其中 {n} 条将不符合新方案。它们会保留，但返工或导出时会提示不符。", "{n} of {all} annotations would no longer fit. They are kept, and told apart in rework and export.";
        impact_controls: "将去掉的控件：{list}", "Controls that go: {list}";
        impact_label: "“{label}”已被使用 {n} 次", "“{label}” is used {n} times";
        impact_save: "仍然保存", "Save all the same";
        preview_item: "用项目中的第一条数据预览", "Shown on the first item of the project";
        preview_none: "导入数据后，这里会用真实条目预览。", "After an import, a real item is shown here.";
        preview_answer: "标注员在这里填写", "Annotators write here";
        image_alt: "项目中的第一张图像", "The first image of the project";
    }
}
