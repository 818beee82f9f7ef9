//! The industry fields and domains that a project can belong to, as a coded list.
//! Sources: the seven fields of item 17 of Guizhou's 2026 plan for digital Guizhou; the 24 domains of the annex to the
//! province's AI action plan 2025–2027 (English names ours: no official ones are known).

use crate::lang::Words;

/// The seven fields of the 30 industry data sets: slug, Chinese, English.
pub const FIELDS: [(&str, &str, &str); 7] = [
    ("transport", "交通", "Transport"),
    ("minerals", "矿产", "Mineral resources"),
    ("culture-tourism", "文旅", "Culture and tourism"),
    ("jiangjiu", "酱酒", "Sauce-aroma baijiu (jiangjiu)"),
    ("meteorology", "气象", "Meteorology"),
    ("ethnic-minorities", "少数民族", "Ethnic minorities (languages, culture)"),
    ("tcm", "中医药", "Traditional Chinese medicine"),
];

/// The 24 domains of large-model use: slug, Chinese, English.
pub const DOMAINS: [(&str, &str, &str); 24] = [
    ("baijiu-industry", "酱酒行业", "Sauce-aroma baijiu industry"),
    ("coal-mining", "煤矿行业", "Coal mining"),
    ("chemicals", "化工行业", "Chemicals"),
    ("new-materials", "新材料行业", "New materials"),
    ("steel", "钢铁行业", "Steel"),
    ("non-ferrous-metals", "有色金属行业", "Non-ferrous metals"),
    ("electric-power", "电力行业", "Electric power"),
    ("building-materials", "建材行业", "Building materials"),
    ("agriculture", "农业全域", "Agriculture"),
    ("tourism", "旅游全域", "Tourism"),
    ("city-operation", "城市运营", "City operation"),
    ("government", "政务", "Government services"),
    ("road-freight", "交通行业", "Transport (road freight logistics)"),
    ("gas-supply", "燃气行业", "Gas supply"),
    ("health-care", "医疗行业", "Health care"),
    ("weather-services", "气象行业", "Meteorological services"),
    ("water-resources", "水利行业", "Water resources"),
    ("education", "教育领域", "Education"),
    ("finance", "金融领域", "Finance"),
    ("policing", "警务领域", "Policing"),
    ("geographic-information", "时空地理信息领域", "Spatio-temporal geographic information"),
    ("broadcasting", "广电行业", "Radio, television and online audiovisual"),
    ("wildfire-warning", "山火预警领域", "Wildfire early warning"),
    ("science", "科学领域", "Science (Moon, bio-breeding, bridges)"),
];

/// The title of a slug, if it is one of the two lists.
pub fn title(slug: &str) -> Option<Words> {
    FIELDS.iter().chain(DOMAINS.iter()).find(|(known, ..)| *known == slug).map(|(_, zh, en)| Words::new(*zh, *en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_unique_and_known() {
        let mut slugs: Vec<&str> = FIELDS.iter().chain(DOMAINS.iter()).map(|(slug, ..)| *slug).collect();
        assert!(slugs.iter().all(|slug| title(slug).is_some()));
        assert_eq!(title("astrology"), None);
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), 31);
    }
}
