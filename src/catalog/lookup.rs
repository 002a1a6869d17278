//! The catalog itself: loaded once, looked up by id, alias, hash, prefix, SKU and gen type.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::OnceLock;

use super::gen_type::GenType;
use super::load::RawCatalog;
use super::model::{Model, Tier};
use super::validate;

/// Everything that is wrong with a catalog, one line each.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct CatalogError {
    /// One sentence per mistake: model, place, rule.
    pub problems: Vec<String>,
}

impl fmt::Display for CatalogError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the catalog of models has {} mistake(s)", self.problems.len())?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// A tier, found by its SKU id or hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sku<'c> {
    /// Its model.
    pub model: &'c Model,
    /// Its number there.
    pub index: usize,
    /// The tier.
    pub tier: &'c Tier,
}

/// All models, with what is needed to find them.
#[derive(Debug)]
pub struct Catalog {
    models: Vec<Model>,
    aliases: BTreeMap<String, String>,
    /// Ids, aliases and hashes to places in `models`.
    refs: HashMap<String, usize>,
    /// SKU ids and hashes to model and tier.
    skus: HashMap<String, (usize, usize)>,
}

impl Catalog {
    /// The catalog in the binary, read and checked on first use.
    pub fn embedded() -> Result<&'static Self, CatalogError> {
        static EMBEDDED: OnceLock<Result<Catalog, CatalogError>> = OnceLock::new();
        EMBEDDED.get_or_init(|| Self::parse(include_str!("models.yaml"))).as_ref().map_err(Clone::clone)
    }

    /// Reads and checks a catalog; every mistake is reported, not only the first.
    pub fn parse(yaml: &str) -> Result<Self, CatalogError> {
        let raw: RawCatalog =
            serde_saphyr::from_str(yaml).map_err(|e| CatalogError { problems: vec![format!("not readable: {e}")] })?;
        let (mut models, mut problems) = (Vec::new(), Vec::new());
        for model in raw.models {
            match model.build() {
                Ok(model) => models.push(model),
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() {
            problems = validate::problems(&models, &raw.aliases);
        }
        if problems.is_empty() { Ok(Self::index(models, raw.aliases)) } else { Err(CatalogError { problems }) }
    }

    fn index(models: Vec<Model>, aliases: BTreeMap<String, String>) -> Self {
        let (mut refs, mut skus) = (HashMap::new(), HashMap::new());
        for (place, model) in models.iter().enumerate() {
            refs.insert(model.id.clone(), place);
            refs.insert(model.hash.clone(), place);
            for (index, tier) in model.pricing.tiers.iter().enumerate() {
                skus.insert(tier.sku.clone(), (place, index));
                skus.insert(tier.sku_hash.clone(), (place, index));
            }
        }
        for (alias, id) in &aliases {
            if let Some(place) = refs.get(id).copied() {
                refs.insert(alias.clone(), place);
            }
        }
        Self { models, aliases, refs, skus }
    }

    /// All models, hidden ones too, in the catalog's order.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// Other names of models and the ids they stand for.
    pub fn aliases(&self) -> &BTreeMap<String, String> {
        &self.aliases
    }

    /// A model by its ref: id, alias, or `h` and 12 hex digits (bot.md 1.1).
    pub fn model(&self, reference: &str) -> Option<&Model> {
        self.refs.get(reference).map(|place| &self.models[*place])
    }

    /// A model by the 12 hex digits alone, as `modelk:` carries them.
    pub fn by_hash12(&self, digits: &str) -> Option<&Model> {
        self.refs.get(&format!("h{digits}")).map(|place| &self.models[*place])
    }

    /// The one model whose id begins so; `None` when none does or several do (bot.md 4, `m:` and `sel:`).
    pub fn by_prefix(&self, prefix: &str) -> Option<&Model> {
        let mut found = self.models.iter().filter(|m| !prefix.is_empty() && m.id.starts_with(prefix));
        found.next().filter(|_| found.next().is_none())
    }

    /// A tier by its SKU id, or by the 12 hex digits that `sk:` carries.
    pub fn sku(&self, reference: &str) -> Option<Sku<'_>> {
        let (place, index) = *self.skus.get(reference)?;
        let model = &self.models[place];
        Some(Sku { model, index, tier: &model.pricing.tiers[index] })
    }

    /// The models listed under a gen type, those of `also` too, by vendor, then title. Hidden ones too: what a tenant
    /// shows is the caller's filter.
    pub fn models_of(&self, gen_type: GenType) -> Vec<&Model> {
        let mut found: Vec<&Model> = self.models.iter().filter(|m| m.gen_types().any(|g| g == gen_type)).collect();
        found.sort_by(|a, b| (&a.vendor, &a.title).cmp(&(&b.vendor, &b.title)));
        found
    }

    /// The gen types that have a model for which `shown` holds, in the order of bot.md 1.3.
    pub fn gen_types(&self, shown: impl Fn(&Model) -> bool) -> Vec<GenType> {
        let offered = |g: &GenType| self.models.iter().any(|m| m.gen_types().any(|of| of == *g) && shown(m));
        GenType::ALL.into_iter().filter(offered).collect()
    }

    /// The free tiers of sellable models, cheapest first (bot.md 5.4, S-27).
    pub fn free_skus(&self) -> Vec<Sku<'_>> {
        let mut free: Vec<Sku<'_>> = self
            .models
            .iter()
            .filter(|m| m.is_sellable())
            .flat_map(|model| model.modes().map(move |(index, tier)| Sku { model, index, tier }))
            .filter(|sku| sku.tier.free)
            .collect();
        free.sort_by_key(|sku| sku.tier.price);
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> &'static Catalog {
        Catalog::embedded().unwrap()
    }

    fn id(model: Option<&Model>) -> Option<&str> {
        model.map(|m| m.id.as_str())
    }

    #[test]
    fn a_model_is_found_by_id_alias_and_hash() {
        let z = catalog().model("z-image").unwrap();
        // sha256("z-image"), computed apart from this program.
        assert_eq!(z.hash, "h7ac6429f9f44");
        assert_eq!(id(catalog().model(&z.hash)), Some("z-image"));
        assert_eq!(id(catalog().by_hash12(&z.hash[1..])), Some("z-image"));
        assert_eq!(id(catalog().model("sora-2/t2v")), Some("sora-2-text-to-video"));
        assert_eq!(catalog().aliases().len(), 11);
        for unknown in ["", "Z-image", "h", "h000000000000", "z-image "] {
            assert_eq!(id(catalog().model(unknown)), None, "{unknown}");
        }
    }

    #[test]
    fn an_ambiguous_prefix_never_picks_a_model() {
        assert_eq!(id(catalog().by_prefix("z-im")), Some("z-image"));
        assert_eq!(id(catalog().by_prefix("bytedance/seedream-v4-e")), Some("bytedance/seedream-v4-edit"));
        for ambiguous in ["", "k", "bytedance/seedream", "ideogram/v3-", "nothing"] {
            assert_eq!(id(catalog().by_prefix(ambiguous)), None, "{ambiguous}");
        }
    }

    #[test]
    fn a_sku_is_found_by_its_id_and_its_hash() {
        let sku = catalog().sku("kling-2.6/text-to-video::duration=10|sound=true").unwrap();
        assert_eq!((sku.model.id.as_str(), sku.index), ("kling-2.6/text-to-video", 2));
        assert_eq!(catalog().sku(&sku.tier.sku_hash), Some(sku));
        assert_eq!(catalog().sku("z-image::default").unwrap().index, 0);
        assert_eq!(catalog().sku("z-image"), None);
    }

    #[test]
    fn a_type_lists_its_models_by_vendor_then_title_and_those_of_also() {
        let listed = catalog().models_of(GenType::ImageToImage);
        assert!(listed.iter().any(|m| m.id == "nano-banana-pro"), "through `also`");
        assert!(listed.is_sorted_by_key(|m| (&m.vendor, &m.title)));
        assert!(catalog().models_of(GenType::TextToImage).iter().any(|m| m.id == "nano-banana-pro"));
    }

    #[test]
    fn only_types_with_a_model_on_sale_are_offered() {
        let offered = catalog().gen_types(Model::is_visible_by_default);
        assert_eq!(offered.len(), 12, "{offered:?}");
        assert!(!offered.contains(&GenType::Music) && offered.contains(&GenType::LipSync));
        assert_eq!(catalog().gen_types(|_| false), []);
    }
}
