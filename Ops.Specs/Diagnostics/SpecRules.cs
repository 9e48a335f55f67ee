namespace Ops.Specs.Diagnostics;

/// <summary>Every rule of the front end. The first two digits of a number say what it is about: 00 the file, 01 the syntax of expressions,
/// 02 names, 03 types, 04 shapes, 05 versions, 06 bodies, 07 kernels and presets, 08 generation.</summary>
public static class SpecRules
{
    private static readonly List<SpecRule> Rules = [];

    /// <summary>The text is not YAML.</summary>
    public static SpecRule YamlSyntax { get; } = Error("OPS0001", "The file is not well-formed YAML");
    /// <summary>A limit is exceeded.</summary>
    public static SpecRule TooLarge { get; } = Error("OPS0002", "A spec is larger or nested more deeply than the stated limits");
    /// <summary>Anchors, aliases, tags, merge keys, directives.</summary>
    public static SpecRule YamlFeature { get; } = Error("OPS0003",
        "Anchors, aliases, tags, merge keys and directives are not part of the language");
    /// <summary>A key that the language does not have.</summary>
    public static SpecRule UnknownKey { get; } = Error("OPS0004", "Unknown key");
    /// <summary>The same key twice.</summary>
    public static SpecRule DuplicateKey { get; } = Error("OPS0005", "A key stands twice in one mapping");
    /// <summary>A required key is missing.</summary>
    public static SpecRule MissingKey { get; } = Error("OPS0006", "A required key is missing");
    /// <summary>A mapping, list or scalar where another is wanted.</summary>
    public static SpecRule WrongNode { get; } = Error("OPS0007", "A key has the wrong kind of value");
    /// <summary>A scalar key's value is unusable.</summary>
    public static SpecRule InvalidValue { get; } = Error("OPS0008", "The value of a key cannot be used");
    /// <summary>No spec in the file.</summary>
    public static SpecRule EmptySpec { get; } = Error("OPS0009", "The file holds no spec");
    /// <summary>Not a name.</summary>
    public static SpecRule InvalidName { get; } = Error("OPS0010", "A name is not a letter followed by letters, digits and underscores");
    /// <summary>Rule names are hyphenated.</summary>
    public static SpecRule RuleName { get; } = Error("OPS0011", "A rule's name is not lower case with hyphens");
    /// <summary>A defect of the front end itself.</summary>
    public static SpecRule Internal { get; } = Error("OPS0012", "The front end failed on this spec");

    /// <summary>The file is called after another op or lies in another domain's folder.</summary>
    public static SpecRule FileName { get; } = Warning("OPS0013", "The file's name or folder is not the op's");
    /// <summary>A list of outputs without any.</summary>
    public static SpecRule NoOutputs { get; } = Error("OPS0014", "The list of outputs is empty");

    /// <summary>An expression or declaration does not parse.</summary>
    public static SpecRule Syntax { get; } = Error("OPS0101", "An expression or declaration cannot be parsed");
    /// <summary>Too many levels.</summary>
    public static SpecRule TooDeep { get; } = Error("OPS0102", "An expression is nested too deeply");
    /// <summary>A number too large.</summary>
    public static SpecRule NumberRange { get; } = Error("OPS0103", "A number is outside the range of its type");

    /// <summary>Nothing has this name.</summary>
    public static SpecRule UnknownName { get; } = Error("OPS0201", "Unknown name");
    /// <summary>Two things have one name.</summary>
    public static SpecRule NameClash { get; } = Error("OPS0202", "Two things of one spec have the same name");
    /// <summary>Names that differ only by case.</summary>
    public static SpecRule CaseClash { get; } = Warning("OPS0203", "Two names differ only by the case of their letters");
    /// <summary>A dim that is probably a misspelling.</summary>
    public static SpecRule SuspiciousDim { get; } = Warning("OPS0204", "A dim is used once and looks like a misspelling of another name");
    /// <summary>A doc of nothing.</summary>
    public static SpecRule UnknownDoc { get; } = Warning("OPS0205", "A sentence documents a name the spec does not have");
    /// <summary>No such function.</summary>
    public static SpecRule UnknownFunction { get; } = Error("OPS0206", "Unknown function");
    /// <summary>Definitions that need each other.</summary>
    public static SpecRule Cycle { get; } = Error("OPS0207", "Definitions need each other");
    /// <summary>A value that may be absent, read without a guard.</summary>
    public static SpecRule Unguarded { get; } = Warning("OPS0208",
        "A name that only an optional input or attribute gives is read without asking for it");
    /// <summary>Nothing reads it.</summary>
    public static SpecRule Unread { get; } = Warning("OPS0209", "An attribute or input is read by nothing");

    /// <summary>A dim that is born and then forgotten.</summary>
    public static SpecRule LoneDim { get; } = Warning("OPS0210", "A dim is used only where it is born");
    /// <summary>A rule that says nothing.</summary>
    public static SpecRule NeverFails { get; } = Warning("OPS0211", "A rule can never fail");
    /// <summary>A rule that refuses every call.</summary>
    public static SpecRule AlwaysFails { get; } = Error("OPS0212", "A rule always fails");
    /// <summary>A rule whose text alone does not tell a caller what is wrong.</summary>
    public static SpecRule UnexplainedRule { get; } = Suggestion("OPS0213", "A rule has no sentence that says what it demands");
    /// <summary>Nothing says what it does.</summary>
    public static SpecRule MissingDoc { get; } = Suggestion("OPS0214", "An attribute or optional input has no sentence in 'docs'");
    /// <summary>A type variable that no port has.</summary>
    public static SpecRule UnusedName { get; } = Warning("OPS0215", "A type variable or definition is used by nothing");

    /// <summary>Dims in another order than elsewhere.</summary>
    public static SpecRule DimOrder { get; } = Suggestion("OPS0216", "Two dims stand in another order than in another port");

    /// <summary>A declaration that is missing or misspelt, told where it would stand.</summary>
    public static SpecRule UndeclaredName { get; } = Suggestion("OPS0217", "A declaration is missing or misspelt that others read");

    /// <summary>A dim at another place than in another port.</summary>
    public static SpecRule DimPlace { get; } = Suggestion("OPS0218", "A dim stands at another place than in another port");
    /// <summary>A choice that chooses nothing.</summary>
    public static SpecRule SameBranches { get; } = Warning("OPS0219", "Both sides of an 'if' are the same");
    /// <summary>A sentence that is only begun.</summary>
    public static SpecRule UnfinishedText { get; } = Warning("OPS0220", "A sentence is not written yet");
    /// <summary>A rule's name with a slip in it.</summary>
    public static SpecRule RuleSpelling { get; } = Suggestion("OPS0221", "A word in a rule's name looks like a misspelt name");

    /// <summary>Sentences that seem to be missing, told where they would stand.</summary>
    public static SpecRule MissingSentence { get; } = Suggestion("OPS0222", "A sentence seems to be missing from 'docs'");
    /// <summary>A name in a sentence with a slip in it.</summary>
    public static SpecRule SentenceSpelling { get; } = Suggestion("OPS0223", "A word in a sentence looks like a misspelt name");

    /// <summary>No such element type.</summary>
    public static SpecRule UnknownElementType { get; } = Error("OPS0301", "Unknown element type");
    /// <summary>A type where another is wanted.</summary>
    public static SpecRule TypeMismatch { get; } = Error("OPS0302", "An expression has the wrong type");
    /// <summary>Too many or too few arguments.</summary>
    public static SpecRule ArgumentCount { get; } = Error("OPS0303", "A function has the wrong number of arguments");
    /// <summary>A thing without a value.</summary>
    public static SpecRule NoValue { get; } = Error("OPS0304", "A name is read that has no value to read");
    /// <summary>Not a set of element types.</summary>
    public static SpecRule TypeSet { get; } = Error("OPS0305", "A type variable needs a set of element types");
    /// <summary>A default its own set refuses.</summary>
    public static SpecRule DefaultOutside { get; } = Error("OPS0306", "A default is outside the allowed values");
    /// <summary>if without else.</summary>
    public static SpecRule MissingElse { get; } = Error("OPS0307", "An 'if' needs an 'else' here");

    /// <summary>Ambiguous splits of a shape.</summary>
    public static SpecRule OpenRank { get; } = Error("OPS0401", "A shape has more than one rank variable of open length");
    /// <summary>An output's name that nothing gives a value.</summary>
    public static SpecRule UnboundOutput { get; } = Error("OPS0402", "A name in an output is bound by no input");
    /// <summary>A wrong item of a shape.</summary>
    public static SpecRule ShapeItem { get; } = Error("OPS0403", "An item cannot stand in this shape");
    /// <summary>A wrong family.</summary>
    public static SpecRule FamilyUse { get; } = Error("OPS0404", "A family's index or count is used wrongly");
    /// <summary>A wrong alias.</summary>
    public static SpecRule Aliases { get; } = Error("OPS0405", "An output cannot alias this input");

    /// <summary>The same dim twice, side by side.</summary>
    public static SpecRule RepeatedDim { get; } = Suggestion("OPS0406", "A dim stands twice side by side");

    /// <summary>Versions out of order.</summary>
    public static SpecRule VersionOrder { get; } = Error("OPS0501", "The versions of a spec do not ascend");
    /// <summary>A difference without a difference.</summary>
    public static SpecRule NoDifference { get; } = Warning("OPS0502", "A version states what the version before it says already");
    /// <summary>Nothing to remove.</summary>
    public static SpecRule NothingToRemove { get; } = Error("OPS0503", "'none' removes something that is not there");
    /// <summary>The base of a spec is missing.</summary>
    public static SpecRule LikeBase { get; } = Error("OPS0504", "The op that 'like' names cannot be used");
    /// <summary>A key in the wrong document.</summary>
    public static SpecRule VersionKey { get; } = Error("OPS0505", "A key cannot stand in this document");

    /// <summary>Not what the domain has published.</summary>
    public static SpecRule Published { get; } = Warning("OPS0506", "An op is not the one its domain has published");

    /// <summary>Something older that a version or a spec like another does not fit.</summary>
    public static SpecRule TakenOver { get; } = Suggestion("OPS0507",
        "What is taken over from an older version or another op does not fit");

    /// <summary>The body does not parse.</summary>
    public static SpecRule BodySyntax { get; } = Error("OPS0601", "An equation of the body cannot be parsed");
    /// <summary>A body's name that is nothing.</summary>
    public static SpecRule BodyName { get; } = Error("OPS0602", "Unknown value in the body");
    /// <summary>Assigned twice.</summary>
    public static SpecRule AssignedTwice { get; } = Error("OPS0603", "The body assigns a name twice");
    /// <summary>An output without an equation.</summary>
    public static SpecRule OutputUnassigned { get; } = Error("OPS0604", "The body assigns no value to an output");
    /// <summary>No spec for a called op.</summary>
    public static SpecRule UnknownOp { get; } = Error("OPS0605", "The body calls an op that has no spec");
    /// <summary>Wrong operands.</summary>
    public static SpecRule CallArity { get; } = Error("OPS0606", "A call has the wrong number of operands or results");
    /// <summary>No such attribute.</summary>
    public static SpecRule CallAttribute { get; } = Error("OPS0607", "A call gives an attribute the op does not have");
    /// <summary>A required attribute is not given.</summary>
    public static SpecRule CallAttributeMissing { get; } = Error("OPS0608", "A call leaves out a required attribute");
    /// <summary>An equation nobody needs.</summary>
    public static SpecRule UnusedEquation { get; } = Warning("OPS0609", "No output needs this equation");
    /// <summary>A condition on data.</summary>
    public static SpecRule DataCondition { get; } = Error("OPS0610", "A body's condition reads tensor data");
    /// <summary>Equations that need each other.</summary>
    public static SpecRule BodyCycle { get; } = Error("OPS0611", "Equations of the body need each other");
    /// <summary>Nothing says how the op runs.</summary>
    public static SpecRule NoBody { get; } = Error("OPS0612", "An op has neither a body nor a kernel");

    /// <summary>Another shape than promised.</summary>
    public static SpecRule BodyShape { get; } = Error("OPS0613", "The body gives an output another shape than the signature");
    /// <summary>Another element type than promised.</summary>
    public static SpecRule BodyType { get; } = Error("OPS0614", "The body gives an output another element type than the signature");
    /// <summary>A call that cannot run.</summary>
    public static SpecRule BodyCall { get; } = Error("OPS0615", "A call of the body does not take its operands");

    /// <summary>Dims in an order that the body does not fit.</summary>
    public static SpecRule DimSwap { get; } = Suggestion("OPS0616", "Two dims fit the body in the other order");

    /// <summary>No such kernel pattern.</summary>
    public static SpecRule UnknownPattern { get; } = Error("OPS0701", "Unknown kernel pattern");
    /// <summary>Wrong arguments of a pattern.</summary>
    public static SpecRule PatternArguments { get; } = Error("OPS0702", "A kernel pattern has the wrong arguments");
    /// <summary>Shapes that a pattern's loops are not about.</summary>
    public static SpecRule KernelShapes { get; } = Warning("OPS0703", "The shapes of a kernel's ports do not fit its pattern");
    /// <summary>A kernel that the spec does not name.</summary>
    public static SpecRule UnnamedKernel { get; } = Warning("OPS0704", "A kernel is written that the spec does not name");
    /// <summary>A method that nobody wrote.</summary>
    public static SpecRule HostMethod { get; } = Warning("OPS0705", "The op's C# has no method that the spec calls");
    /// <summary>A name that the spec lacks.</summary>
    public static SpecRule CodeReads { get; } = Suggestion("OPS0706", "The op's C# reads a name that the spec does not have");
    /// <summary>A definition for nobody.</summary>
    public static SpecRule UnreadDefinition { get; } = Warning("OPS0707", "A definition is read by neither the spec nor the op's C#");
    /// <summary>A preset of something else.</summary>
    public static SpecRule PresetAttribute { get; } = Error("OPS0711", "A preset sets an attribute the op does not have");
    /// <summary>A value the attribute refuses.</summary>
    public static SpecRule PresetValue { get; } = Error("OPS0712", "A preset's value does not fit its attribute");

    /// <summary>A comment that silences nothing.</summary>
    public static SpecRule UnusedSuppression { get; } = Warning("OPS0721", "A suppression silences nothing");
    /// <summary>A comment that silences without saying why.</summary>
    public static SpecRule SuppressionReason { get; } = Warning("OPS0722", "A suppression does not say why");

    /// <summary>Two files, one op.</summary>
    public static SpecRule DuplicateOp { get; } = Error("OPS0801", "Two files declare the same op");
    /// <summary>The generator cannot write an op.</summary>
    public static SpecRule EmitFailed { get; } = Error("OPS0802", "The generator cannot write this op");

    /// <summary>All rules by ascending id.</summary>
    public static IReadOnlyList<SpecRule> All { get; } = Rules.OrderBy(r => r.Id, StringComparer.Ordinal).ToArray();

    private static SpecRule Error(string id, string title) => Add(new SpecRule(id, title, SpecSeverity.Error));

    private static SpecRule Warning(string id, string title) => Add(new SpecRule(id, title, SpecSeverity.Warning));

    private static SpecRule Suggestion(string id, string title) => Add(new SpecRule(id, title, SpecSeverity.Suggestion));

    private static SpecRule Add(SpecRule rule)
    {
        Rules.Add(rule);
        return rule;
    }
}
